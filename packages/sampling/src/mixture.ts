import type { Rng } from '@towerkit/core';

import { normalize } from './normalize.js';
import type { Proposal } from './proposal.js';
import { sharedSize } from './check-options.js';

/** One part of a mixture: a draw comes from it with probability weight / (sum of weights). */
export interface MixturePart {
  readonly proposal: Proposal;
  readonly weight: number;
}

/**
 * A mixture of proposals, itself one: each draw first picks a part, and q(i) = sum over parts of w_k q_k(i).
 *
 * @param parts at least one, all over the same items; weights not negative, normalised here
 * @throws TowerkitError `BAD_WEIGHTS` for bad weights or no parts, `SHAPE_MISMATCH` when sizes differ
 */
export function mixture(parts: readonly MixturePart[]): Proposal {
  return new Mixture(parts);
}

class Mixture implements Proposal {
  readonly size: number;
  readonly #proposals: readonly Proposal[];
  readonly #shares: Float64Array;

  constructor(parts: readonly MixturePart[]) {
    this.#shares = normalize(parts.map((part) => part.weight));
    this.#proposals = parts.map((part) => part.proposal);
    this.size = sharedSize(this.#proposals);
  }

  probability(item: number): number {
    let sum = 0;
    for (let k = 0; k < this.#shares.length; k++)
      sum += this.#shares[k] * this.#proposals[k].probability(item);
    return sum;
  }

  logProbability(item: number): number {
    return Math.log(this.probability(item));
  }

  draw(rng: Rng): number {
    const last = this.#shares.length - 1;
    let rest = rng.uniform();
    for (let k = 0; k < last; k++) {
      if (rest < this.#shares[k]) return this.#proposals[k].draw(rng);
      rest -= this.#shares[k];
    }
    return this.#proposals[last].draw(rng);
  }
}
