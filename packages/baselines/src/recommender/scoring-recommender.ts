import { topK, TowerkitError, type Recommendations } from '@towerkit/core';

import { requireFitted } from './check-batch.js';

/** About 16 MiB of scores at a time. */
const SCORES_AT_ONCE = 1 << 22;

/** A model that recommends the items it scores highest. */
export abstract class ScoringRecommender {
  abstract readonly kind: string;
  /** Number of items it scores; 0 before it is fitted. */
  abstract readonly items: number;

  /** Scores every item for a batch of users; see `Recommender` of `@towerkit/core`. */
  abstract score(
    histories: readonly ArrayLike<number>[],
    out: Float32Array,
    users?: ArrayLike<number>,
  ): Promise<void> | void;

  /**
   * The best `k` items of each user by {@link score}, the history left out.
   *
   * @throws TowerkitError `NOT_FITTED`; `OUT_OF_RANGE` for a `k` that is no count; what {@link score} throws
   */
  async recommend(
    histories: readonly ArrayLike<number>[],
    k: number,
    users?: ArrayLike<number>,
  ): Promise<Recommendations[]> {
    requireFitted(this);
    if (!Number.isInteger(k) || k < 0) throw new TowerkitError('OUT_OF_RANGE', `k must be a count, got ${k}`);
    const { items } = this;
    const atOnce = Math.max(1, Math.min(512, histories.length, Math.floor(SCORES_AT_ONCE / items)));
    const scores = new Float32Array(atOnce * items);
    const found: Recommendations[] = [];
    for (let start = 0; start < histories.length; start += atOnce) {
      const batch = histories.slice(start, start + atOnce);
      const out = scores.subarray(0, batch.length * items);
      await this.score(batch, out, users && Array.prototype.slice.call(users, start, start + batch.length));
      for (let row = 0; row < batch.length; row++)
        found.push(topK(out.subarray(row * items, (row + 1) * items), k, batch[row]));
    }
    return found;
  }
}
