import { Rng } from '@towerkit/core';

/** Draws for a schedule. */
export class Draws {
  readonly #rng: Rng;

  constructor(seed: number) {
    this.#rng = new Rng(seed);
  }

  /** A whole number below `end`. */
  below(end: number): number {
    return this.#rng.integer(end);
  }

  between(low: number, high: number): number {
    return low + this.#rng.uniform() * (high - low);
  }

  one<T>(from: readonly T[]): T {
    return from[this.below(from.length)];
  }
}
