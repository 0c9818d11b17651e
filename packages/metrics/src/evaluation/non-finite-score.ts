import { TowerkitError } from '../errors.js';

/** The error for a row of scores, starting at `row`, of which one is known not to be finite. */
export function nonFiniteScore(
  scores: Float32Array,
  row: number,
  items: number,
  user: number,
): TowerkitError {
  let item = 0;
  while (item < items - 1 && Number.isFinite(scores[row + item])) item++;
  return notFinite(user, item, scores[row + item]);
}

/** The error for a score that is not finite. */
export const notFinite = (user: number, item: number, score: number): TowerkitError =>
  new TowerkitError('NON_FINITE_SCORE', `user ${user}, item ${item}: the score is ${score}`, {
    hint: 'every item needs a finite score; the evaluator removes the history by itself',
    details: { user, item, score },
  });
