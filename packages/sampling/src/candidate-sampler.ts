import { TowerkitError, type Rng } from '@towerkit/core';

import { checkDrawCount, sharedSize } from './check-options.js';
import { decayOf, logOneMinusExp } from './decay.js';
import type { GroupedTargets } from './grouped-targets.js';
import type { Proposal } from './proposal.js';

/** How the shared negatives of a batch come about. */
export interface CandidateOptions {
  /** From each proposal, that many draws a batch, with replacement. */
  readonly proposals: readonly { readonly proposal: Proposal; readonly count: number }[];
  /**
   * The distribution of a batch's positives ({@link inBatch}): P positives count as P independent draws from it. Where
   * they come in groups, hand {@link GroupedTargets} to `sample` instead. Without either, log q is that of the drawn
   * part alone.
   */
  readonly targetProposal?: Proposal;
}

/** What {@link CandidateSampler.sample} writes into; may be longer than needed. */
export interface CandidateBuffers {
  /** Unique items: those of the positives by first appearance, then the negatives in order of drawing. */
  readonly items: Int32Array;
  /** Log of the probability that each item gets into a candidate set, shape of `items`. */
  readonly logQ: Float32Array;
  /** Index in `items` of each positive, shape [positives]. */
  readonly positions: Int32Array;
  /**
   * Where given, receives the log q of each row's own positive, shape [positives]: with {@link GroupedTargets} the row's
   * own group does not count for it; without, it is the log q of its column.
   */
  readonly targetLogQ?: Float32Array;
}

/**
 * Draws the candidates of a sampled softmax: the batch's positives and negatives shared by all of its rows,
 * each item once, with the exact log of the probability that it gets there. For P positives and n_k draws from
 * each proposal k that is
 *
 *     log q(i) = log(1 - (1 - t(i))^P * product over k of (1 - q_k(i))^n_k)
 *
 * with t the distribution of positives (Jean et al. 2015; Yi et al. 2019). Positives that come in groups, such as all
 * targets of one user's sequence, put the probability of {@link GroupedTargets} in place of (1 - t(i))^P.
 *
 * Subtracted from the logits it makes the sum over the candidates, of exp(score) / q, an unbiased estimate of the one over
 * all items. The log of that sum, and so the loss, is consistent, not unbiased: its error vanishes as candidates grow.
 *
 * A workspace: one call at a time, no allocation once it has seen its largest batch, and a cost that does not
 * depend on the number of items.
 *
 * @example
 * ```ts
 * const sampler = new CandidateSampler({
 *   proposals: [{ proposal: uniform(26_354), count: 2048 }],
 *   targetProposal: inBatch(counts),
 * });
 * const n = sampler.sample(positives, positives.length, rng, out); // out.items[0 .. n)
 * ```
 */
export class CandidateSampler {
  /** Number of items to draw from. */
  readonly size: number;
  /** Draws a call, over all proposals. */
  readonly draws: number;
  /** Column of each item among the candidates of the last call, -1 for the others, shape [size]. Read only. */
  readonly columnOf: Int32Array;

  readonly #proposals: readonly Proposal[];
  readonly #counts: readonly number[];
  /** -log(1 - t(i)) and -sum of n_k log(1 - q_k(i)), side by side, shape [size, 2]. */
  readonly #decay: Float64Array;
  readonly #drawn: Int32Array;
  #live = new Int32Array(0);
  #exponents = new Float64Array(0);
  #liveCount = 0;

  /**
   * @throws TowerkitError `BAD_OPTION` for a count that is not a non-negative integer or for no proposal at all,
   *   `SHAPE_MISMATCH` for proposals over different numbers of items
   */
  constructor({ proposals, targetProposal }: CandidateOptions) {
    for (const { count } of proposals) checkDrawCount(count);
    const all = proposals.map((part) => part.proposal);
    if (targetProposal !== undefined) all.push(targetProposal);
    if (all.length === 0) throw new TowerkitError('BAD_OPTION', 'candidates need at least one proposal');
    this.size = sharedSize(all);
    const used = proposals.filter((part) => part.count > 0);
    this.#proposals = used.map((part) => part.proposal);
    this.#counts = used.map((part) => part.count);
    this.draws = this.#counts.reduce((sum, count) => sum + count, 0);
    this.#drawn = new Int32Array(this.draws);
    this.columnOf = new Int32Array(this.size).fill(-1);
    this.#decay = new Float64Array(2 * this.size);
    for (let i = 0; i < this.size; i++) {
      if (targetProposal !== undefined) this.#decay[2 * i] = decayOf(targetProposal, i);
      for (const { proposal, count } of used) this.#decay[2 * i + 1] += count * decayOf(proposal, i);
    }
  }

  /** The most candidates that a batch of `positives` can give: how long buffers must be. */
  capacity(positives: number): number {
    return Math.min(this.size, positives + this.draws);
  }

  /** The log q of `item` for a batch of `positives`, in float64; -Infinity where it cannot get there. */
  logInclusion(item: number, positives: number): number {
    return logOneMinusExp(positives * this.#decay[2 * item] + this.#decay[2 * item + 1]);
  }

  /**
   * Draws the candidates of one batch.
   *
   * @param positives target of each row, in [0, size); repeats are welcome
   * @param positiveCount how many of them to use, P
   * @param rng what to draw with
   * @param out receives items and log q, {@link capacity} of them at most, and P positions
   * @param groups how the positives came together, set to this batch's size; in place of `targetProposal`
   * @returns number of candidates
   * @throws TowerkitError `CAPACITY` for buffers that are too short, `OUT_OF_RANGE` for a positive outside
   *   [0, size), `ZERO_PROBABILITY` for one that no part gives any probability
   */
  sample(
    positives: Int32Array,
    positiveCount: number,
    rng: Rng,
    out: CandidateBuffers,
    groups?: GroupedTargets,
  ): number {
    const { positions } = out;
    this.#check(positives, positiveCount, out);
    this.#forget(positiveCount);
    const { columnOf } = this;
    const live = this.#live;
    const drawn = this.#draw(rng);
    let count = 0;
    for (let p = 0; p < positiveCount; p++) {
      const item = positives[p];
      if (columnOf[item] < 0) {
        columnOf[item] = count;
        live[count++] = item;
      }
      positions[p] = columnOf[item];
    }
    for (let n = 0; n < drawn.length; n++) {
      const item = drawn[n];
      if (columnOf[item] < 0) {
        columnOf[item] = count;
        live[count++] = item;
      }
    }
    this.#liveCount = count;
    this.#weigh(count, positives, positiveCount, out, groups);
    return count;
  }

  /** Writes the log q of each candidate, and of each row's own positive where there is room for it. */
  #weigh(
    count: number,
    positives: Int32Array,
    positiveCount: number,
    { items, logQ, positions, targetLogQ }: CandidateBuffers,
    groups?: GroupedTargets,
  ): void {
    const live = this.#live;
    const decay = this.#decay;
    const exponents = this.#exponents;
    for (let c = 0; c < count; c++) {
      const item = live[c];
      items[c] = item;
      const ofTargets = groups ? groups.decay(item) : positiveCount * decay[2 * item];
      exponents[c] = ofTargets + decay[2 * item + 1];
    }
    // What takes the place of an exponent of 0: no other group and no draw can bring the item. It is the target of its own
    // group's rows then, and masked or absent for all others, so the number only has to be finite and not too small.
    const least = groups ? groups.ownDecay : 0;
    for (let c = 0; c < count; c++) {
      logQ[c] = logOneMinusExp(exponents[c] || least);
      if (logQ[c] === -Infinity) throw impossible(live[c]);
    }
    if (!targetLogQ) return;
    for (let p = 0; p < positiveCount; p++) {
      const item = positives[p];
      targetLogQ[p] = groups
        ? logOneMinusExp(groups.targetDecay(item) + decay[2 * item + 1] || least)
        : logQ[positions[p]];
    }
  }

  /** Draws first, looks up later: in a loop of their own the lookups' cache misses overlap. */
  #draw(rng: Rng): Int32Array {
    const drawn = this.#drawn;
    let end = 0;
    for (let k = 0; k < this.#counts.length; k++) {
      const proposal = this.#proposals[k];
      const start = end;
      end += this.#counts[k];
      if (proposal.drawMany) proposal.drawMany(rng, drawn, start, end);
      else for (let n = start; n < end; n++) drawn[n] = proposal.draw(rng);
    }
    return drawn;
  }

  #check(positives: Int32Array, positiveCount: number, out: CandidateBuffers): void {
    const { items, logQ, positions, targetLogQ = positions } = out;
    const needed = this.capacity(positiveCount);
    const room = Math.min(positions.length, targetLogQ.length);
    if (!(positiveCount >= 0 && positiveCount <= positives.length && positiveCount <= room))
      throw new TowerkitError(
        'CAPACITY',
        `${positiveCount} positives, but ${positives.length} given and room for ${room} positions`,
      );
    if (items.length < needed || logQ.length < needed)
      throw new TowerkitError(
        'CAPACITY',
        `${needed} candidates may come, room is for ${Math.min(items.length, logQ.length)}`,
        { hint: 'make items and logQ as long as capacity(positives) says', details: { needed } },
      );
    for (let p = 0; p < positiveCount; p++)
      if (!(positives[p] >= 0 && positives[p] < this.size))
        throw new TowerkitError('OUT_OF_RANGE', `positive ${positives[p]} is outside [0, ${this.size})`, {
          details: { index: p, item: positives[p] },
        });
  }

  /** Takes the last call's candidates off the lookup, at the cost of those alone. */
  #forget(positiveCount: number): void {
    for (let c = 0; c < this.#liveCount; c++) this.columnOf[this.#live[c]] = -1;
    this.#liveCount = 0;
    const needed = this.capacity(positiveCount);
    if (this.#live.length < needed) {
      this.#live = new Int32Array(needed);
      this.#exponents = new Float64Array(needed);
    }
  }
}

const impossible = (item: number) =>
  new TowerkitError('ZERO_PROBABILITY', `item ${item} is a positive that no proposal ever draws`, {
    hint: 'count it in the targetProposal, or give the popularity some smoothing',
    details: { item },
  });
