import { createHash } from 'node:crypto';

import { TowerkitError } from '../errors.js';

/** Shares of the users of an experiment: which arm each belongs to. */
export class TrafficSplit {
  readonly #bounds: readonly number[];

  /**
   * @param shares of the arms in their order, at least 0; only their ratios count: `[90, 10]` is `[0.9, 0.1]`
   * @throws TowerkitError `BAD_OPTION` where there is none, one is negative or no number, or all are 0
   */
  constructor(shares: readonly number[]) {
    const total = shares.reduce((a, b) => a + b, 0);
    if (!shares.every((share) => share >= 0) || !(total > 0 && total < Infinity))
      throw new TowerkitError('BAD_OPTION', `split: the shares [${shares.join(', ')}] share out nothing`, {
        hint: 'give each arm a number of at least 0, and one of them more',
        details: { option: 'split' },
      });
    let sum = 0;
    this.#bounds = shares.map((share) => (sum += share) / total);
  }

  /** How many arms there are. */
  get size(): number {
    return this.#bounds.length;
  }

  /**
   * The arm whose share holds a number.
   *
   * @param place in [0, 1): {@link placeOf} a user, or a draw
   * @returns 0 to size - 1
   */
  armAt(place: number): number {
    return this.#bounds.findIndex((bound) => place < bound);
  }

  /**
   * The arm of a user, always the same while the shares stay.
   *
   * @example
   * ```ts
   * new TrafficSplit([90, 10]).armOf('ada'); // 0 for nine users of ten
   * ```
   */
  armOf(key: string): number {
    return this.armAt(placeOf(key));
  }
}

/** A number in [0, 1) that follows from a key by SHA-256, so that ids that are alike are spread evenly. */
export const placeOf = (key: string): number =>
  createHash('sha256').update('split:').update(key).digest().readUInt32BE(0) / 2 ** 32;
