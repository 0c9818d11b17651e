import { TowerkitError, type Rng } from '@towerkit/core';

import type { Proposal } from './proposal.js';

/**
 * Every item alike: q(i) = 1 / size.
 *
 * @param size number of items, a positive integer
 * @throws TowerkitError `BAD_WEIGHTS` for any other size
 */
export function uniform(size: number): Proposal {
  return new Uniform(size);
}

class Uniform implements Proposal {
  readonly #probability: number;
  readonly #logProbability: number;

  constructor(readonly size: number) {
    if (!Number.isSafeInteger(size) || size < 1 || size > 0x7fffffff)
      throw new TowerkitError('BAD_WEIGHTS', `a distribution needs 1 to 2^31 - 1 items, got ${size}`);
    this.#probability = 1 / size;
    this.#logProbability = -Math.log(size);
  }

  probability(item: number): number {
    return item >= 0 && item < this.size ? this.#probability : 0;
  }

  logProbability(item: number): number {
    return item >= 0 && item < this.size ? this.#logProbability : -Infinity;
  }

  draw(rng: Rng): number {
    return rng.integer(this.size);
  }
}
