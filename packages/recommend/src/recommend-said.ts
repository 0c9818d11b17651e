import { topK, type Recommendations } from '@towerkit/core';

import type { UserRow } from './engine/question.js';
import type { SavedModel } from './ranker.js';

/** About 16 MiB. */
const SCORES_AT_ONCE = 1 << 22;

/** Users who are asked about, and what is known of each. */
export interface AskedUsers {
  /** Item ids of each from oldest to newest, [users]. */
  readonly histories: readonly ArrayLike<number>[];
  /** Dense ids, -1 for somebody unknown, [users]. */
  readonly users: ArrayLike<number>;
  /** What is said of each, or of the moment of each question, see `SavedModel.score`. */
  readonly said?: readonly (UserRow | undefined)[];
}

/**
 * The scores of all items for some users, a few users at a time, in about 16 MiB.
 *
 * @param take makes what is kept of a user's scores, [items], which are overwritten afterwards
 */
export async function eachScores<T>(
  model: SavedModel,
  { histories, users, said }: AskedUsers,
  take: (scores: Float32Array, place: number) => T,
): Promise<T[]> {
  const { items } = model;
  const size = Math.max(1, Math.floor(SCORES_AT_ONCE / items));
  const taken: T[] = [];
  for (let start = 0; start < histories.length; start += size) {
    const part = histories.slice(start, start + size);
    const scores = new Float32Array(part.length * items);
    const who = Array.from(part, (_, place) => users[start + place]);
    await model.score(part, scores, who, said?.slice(start, start + size));
    part.forEach((_, row) => taken.push(take(scores.subarray(row * items, (row + 1) * items), start + row)));
  }
  return taken;
}

/**
 * The best items of users by a model that is told more than `recommend` of models takes.
 *
 * @param leftOut items left out for each user, [users]. Default: the histories
 */
export const recommendSaid = (
  model: SavedModel,
  asked: AskedUsers,
  k: number,
  leftOut: readonly ArrayLike<number>[] = asked.histories,
): Promise<Recommendations[]> => eachScores(model, asked, (scores, place) => topK(scores, k, leftOut[place]));
