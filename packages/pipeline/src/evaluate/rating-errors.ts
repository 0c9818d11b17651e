import { Bias } from '@towerkit/baselines';
import type { CsrMatrix } from '@towerkit/core';
import { evaluateRatings, type Estimate, type RatingMetric } from '@towerkit/metrics';
import type { OpenArtifact } from '@towerkit/recommend';

import { knownBefore, type QuestionOptions } from './questions.js';

/** Name of the baseline of ratings. */
export const BIASES = 'user + item bias';

/** RMSE and MAE; `users` counts those the ratings are of. */
export type RatingErrors = Record<RatingMetric, Estimate>;

/** Ratings of some users, one after another: [ratings]. */
interface Rated {
  readonly users: number[];
  readonly items: number[];
  readonly actual: number[];
}

/** The ratings there are in a matrix; NaN is none. */
function ratedIn({ rows, indptr, indices, values }: CsrMatrix): Rated {
  const found: Rated = { users: [], items: [], actual: [] };
  for (let user = 0; user < rows; user++)
    for (let at = indptr[user]; at < indptr[user + 1]; at++) {
      if (values === undefined || Number.isNaN(values[at])) continue;
      found.users.push(user);
      found.items.push(indices[at]);
      found.actual.push(values[at]);
    }
  return found;
}

/** RMSE and MAE with intervals that allow for users; of the ratings of a single user their ends are NaN. */
function errorsOf(predicted: ArrayLike<number>, { users, actual }: Rated): RatingErrors {
  const { rmse, mae } = evaluateRatings({ predicted, actual, users });
  const estimate = ({ value, low, high }: typeof rmse): Estimate => ({
    value,
    low: low ?? NaN,
    high: high ?? NaN,
    users: new Set(users).size,
  });
  return { rmse: estimate(rmse), mae: estimate(mae) };
}

/**
 * Errors of the biases of users and items alone.
 *
 * @throws TowerkitError `EMPTY_DATA` for training rows without ratings, `NO_RATINGS` for none held back
 */
export function biasErrors(train: CsrMatrix, heldBack: CsrMatrix): RatingErrors {
  const rated = ratedIn(heldBack);
  const model = new Bias();
  model.fit(train);
  return errorsOf(model.predict(rated.users, rated.items), rated);
}

/**
 * Errors of an artifact's predictions of its own ratings that were held back; people without a history count too.
 *
 * @returns `undefined` for a model that predicts no ratings, for other targets than the artifact's, or where none are rated
 */
export async function heldBackErrors(
  artifact: OpenArtifact,
  { targets, data, on = artifact.test ? 'test' : 'validation' }: QuestionOptions,
): Promise<RatingErrors | undefined> {
  const { ranker } = artifact.engine;
  const heldBack = artifact[on];
  if (targets !== undefined || data !== undefined || !heldBack || !ranker.ratings) return undefined;
  const rated = ratedIn(heldBack);
  if (rated.actual.length === 0) return undefined;
  const { matrix: histories } = knownBefore(
    on,
    { ...artifact, train: artifact.histories },
    artifact.feedback,
  );
  const predicted: number[] = [];
  for (let begin = 0, end = 0; begin < rated.users.length; begin = end) {
    const user = rated.users[begin];
    while (end < rated.users.length && rated.users[end] === user) end++;
    const items = rated.items.slice(begin, end);
    for (const rating of await ranker.ratings(Array.from(histories.row(user)), user, items))
      predicted.push(rating);
  }
  return errorsOf(predicted, rated);
}
