import { TowerkitError, type Rng } from '@towerkit/core';

import { AliasTable } from './alias-table.js';
import { largestWeight, normalize } from './normalize.js';
import type { Proposal } from './proposal.js';

/** How counts become weights. */
export interface PopularityProposalOptions {
  /** Exponent of the counts, at least 0: 1 is the counts themselves, 0 is uniform. Default 0.75. */
  power?: number;
  /** Added to every count first, at least 0: above 0 an item never seen can be drawn too. Default 0. */
  smoothing?: number;
}

/**
 * Items by their popularity, flattened: q(i) proportional to (counts[i] + smoothing)^power (Mikolov et al. 2013,
 * who found 3/4). A draw takes O(1), by {@link AliasTable}.
 *
 * @param counts how often each item occurs, finite and not negative, shape [size]
 * @throws TowerkitError `BAD_WEIGHTS` for counts that are empty, negative, not finite or all 0;
 *   `BAD_OPTION` for a power or smoothing that is negative or not finite
 */
export function popularity(counts: ArrayLike<number>, options: PopularityProposalOptions = {}): Proposal {
  const { power = 0.75, smoothing = 0 } = options;
  for (const [name, value] of Object.entries({ power, smoothing }))
    if (!(value >= 0 && value < Infinity))
      throw new TowerkitError('BAD_OPTION', `${name} must be finite and not negative, got ${value}`);
  largestWeight(counts); // before smoothing can hide a negative count
  const shares = normalize(Float64Array.from(counts, (count) => count + smoothing));
  return new Weighted(shares.map((share) => share ** power));
}

/**
 * The distribution of a batch's own positives: an example drawn at random has target i with probability
 * counts[i] / sum(counts). In-batch negatives are not drawn, they are the other examples' targets; this tells
 * with what probability each gets there.
 *
 * @param counts how often each item is a target in training, finite and not negative, shape [size]
 * @throws TowerkitError `BAD_WEIGHTS` for counts that are empty, negative, not finite or all 0
 */
export function inBatch(counts: ArrayLike<number>): Proposal {
  return popularity(counts, { power: 1 });
}

class Weighted implements Proposal {
  readonly size: number;
  readonly #probabilities: Float64Array;
  readonly #table: AliasTable;

  constructor(weights: ArrayLike<number>) {
    this.#probabilities = normalize(weights);
    this.#table = new AliasTable(this.#probabilities);
    this.size = this.#table.size;
  }

  probability(item: number): number {
    return this.#probabilities[item] ?? 0;
  }

  logProbability(item: number): number {
    return Math.log(this.#probabilities[item] ?? 0);
  }

  draw(rng: Rng): number {
    return this.#table.draw(rng);
  }

  drawMany(rng: Rng, out: Int32Array, from: number, to: number): void {
    this.#table.drawMany(rng, out, from, to);
  }
}
