import { topK, TowerkitError, type Recommendations, type Recommender } from '@towerkit/core';

import { requireFitted } from './check-batch.js';

/** About 16 MiB of scores at a time. */
const SCORES_AT_ONCE = 1 << 22;

/**
 * The best `k` items of each user by a model's own scores, the history left out.
 *
 * @throws TowerkitError `OUT_OF_RANGE` for a `k` that is no count; what the model's `score` throws
 */
export async function recommendFromScores(
  model: Pick<Recommender, 'kind' | 'items' | 'score'>,
  histories: readonly ArrayLike<number>[],
  k: number,
  users?: ArrayLike<number>,
): Promise<Recommendations[]> {
  requireFitted(model);
  if (!Number.isInteger(k) || k < 0) throw new TowerkitError('OUT_OF_RANGE', `k must be a count, got ${k}`);
  const { items } = model;
  const atOnce = Math.max(1, Math.min(512, histories.length, Math.floor(SCORES_AT_ONCE / items)));
  const scores = new Float32Array(atOnce * items);
  const found: Recommendations[] = [];
  for (let start = 0; start < histories.length; start += atOnce) {
    const batch = histories.slice(start, start + atOnce);
    const out = scores.subarray(0, batch.length * items);
    await model.score(batch, out, users && Array.prototype.slice.call(users, start, start + batch.length));
    for (let row = 0; row < batch.length; row++)
      found.push(topK(out.subarray(row * items, (row + 1) * items), k, batch[row]));
  }
  return found;
}
