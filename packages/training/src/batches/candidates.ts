import type { Rng } from '@towerkit/core';
import {
  CandidateSampler,
  createProposal,
  Excluding,
  uniform,
  type GroupedTargets,
  type ProposalSpec,
} from '@towerkit/sampling';

/** What the candidates of a batch are written into, as `CandidateSampler.sample` does. */
export interface CandidatesOut {
  /** Item of each candidate, from the first row on. */
  readonly items: Int32Array;
  /** Log q of each candidate; Infinity for one that is none. */
  readonly logQ: Float32Array;
  /** Column of each position's target. */
  readonly positions: Int32Array;
  /** Log q of each position's own target. */
  readonly targetLogQ: Float32Array;
}

/** Where the candidates of a batch come from. */
export interface Candidates {
  /** The most candidates that a batch of so many positions can have. */
  capacity(positions: number): number;
  /** Column of each item in the batch that was made last, -1 for none: [items]. */
  readonly columnOf: Int32Array;
  /**
   * Writes a batch's candidates.
   *
   * @param targets target of each position; the first `count` are read
   * @param groups how targets come into a batch of its bucket, set to its size
   * @returns number of candidates
   */
  choose(
    targets: Int32Array,
    count: number,
    rng: Rng,
    out: CandidatesOut,
    groups: () => GroupedTargets,
  ): number;
}

/** Negatives to draw for each batch. */
export interface Drawn {
  readonly proposal: ProposalSpec;
  readonly count: number;
}

/**
 * The batch's targets and drawn negatives, with the log q of the batches drawn.
 *
 * @param counts how often each item is a target
 * @param barred items that are no negatives
 */
export function drawnCandidates(
  negatives: readonly Drawn[],
  counts: Int32Array,
  barred: readonly number[],
): Candidates {
  const drawn = (spec: ProposalSpec) => {
    const proposal = createProposal(spec, { counts });
    return barred.length > 0 ? new Excluding(proposal).exclude(barred) : proposal;
  };
  const none = { proposal: uniform(counts.length), count: 0 }; // says how many items there are
  const sampler = new CandidateSampler({
    proposals: [...negatives.map(({ proposal, count }) => ({ proposal: drawn(proposal), count })), none],
  });
  return {
    capacity: (positions) => sampler.capacity(positions),
    columnOf: sampler.columnOf,
    choose: (targets, count, rng, out, groups) => sampler.sample(targets, count, rng, out, groups()),
  };
}

/** The whole catalog, item i in column i, with log q 0; Infinity for what is `barred`. */
export function allCandidates(items: number, barred: readonly number[]): Candidates {
  const columnOf = Int32Array.from({ length: items }, (_, item) => item);
  return {
    capacity: () => items,
    columnOf,
    choose(targets, count, _, { items: rows, logQ, positions }) {
      rows.set(columnOf);
      logQ.fill(0, 0, items);
      for (const item of barred) logQ[item] = Infinity;
      positions.set(targets.subarray(0, count));
      return items;
    },
  };
}
