import { Bias } from '@towerkit/baselines';
import type { CsrMatrix } from '@towerkit/core';
import { evaluateRatings, type Estimate, type RatingMetric } from '@towerkit/metrics';
import type { OpenArtifact } from '@towerkit/recommend';

import { ratedEntries } from '../data/ratings.js';
import { predictedRatings } from './predicted-ratings.js';
import { knownBefore, type QuestionOptions } from './read-questions.js';

/** Name of the baseline of ratings. */
export const BIASES = 'user + item bias';

/** RMSE and MAE; `users` counts those the ratings are of. */
export type RatingErrors = Record<RatingMetric, Estimate>;

/** The ratings in a matrix of users x items, one after another: [ratings] each. */
export interface RatingRows {
  readonly users: Int32Array;
  readonly items: Int32Array;
  readonly actual: Float32Array;
}

/** The ratings there are in a matrix; `undefined` where there are none. */
export function ratingRows(matrix: CsrMatrix): RatingRows | undefined {
  const { rows, indptr, indices, values } = ratedEntries(matrix);
  if (!values || values.length === 0) return undefined;
  const users = new Int32Array(indices.length);
  for (let user = 0; user < rows; user++) users.fill(user, indptr[user], indptr[user + 1]);
  return { users, items: indices, actual: values };
}

/** RMSE and MAE with intervals that allow for users; of the ratings of a single user their ends are NaN. */
function errorsOf(predicted: ArrayLike<number>, { users, actual }: RatingRows): RatingErrors {
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
 * Errors of the biases of users and items alone; rows without a rating are passed over.
 *
 * @returns `undefined` where no rating is held back
 * @throws TowerkitError `EMPTY_DATA` for training rows without ratings
 */
export function biasErrors(train: CsrMatrix, heldBack: CsrMatrix): RatingErrors | undefined {
  const rated = ratingRows(heldBack);
  if (!rated) return undefined;
  const model = new Bias();
  model.fit(ratedEntries(train));
  return errorsOf(model.predict(rated.users, rated.items), rated);
}

/** Ratings of an artifact that were held back, and what its model predicts for them: [ratings] each. */
export interface HeldBackPredictions extends RatingRows {
  readonly predicted: Float32Array;
}

/**
 * An artifact's predictions of its own ratings that were held back, at moments of which nothing is known; people without a history
 * count too.
 *
 * @returns `undefined` for a model that predicts no ratings, for other targets than the artifact's, or where none are rated
 */
export async function heldBackPredictions(
  artifact: OpenArtifact,
  { targets, data, on = artifact.test ? 'test' : 'validation' }: QuestionOptions = {},
): Promise<HeldBackPredictions | undefined> {
  const heldBack = artifact[on];
  const rated = heldBack && ratingRows(heldBack);
  if (targets !== undefined || data !== undefined || !rated) return undefined;
  const { matrix: histories } = knownBefore(
    on,
    { ...artifact, train: artifact.histories },
    artifact.feedback,
  );
  const raters = { histories, ids: Int32Array.from({ length: histories.rows }, (_, user) => user) };
  const predicted = await predictedRatings(artifact, raters, { rows: rated.users, items: rated.items });
  return predicted && { ...rated, predicted };
}

/** RMSE and MAE of {@link heldBackPredictions}. */
export async function heldBackErrors(
  artifact: OpenArtifact,
  options: QuestionOptions,
): Promise<RatingErrors | undefined> {
  const found = await heldBackPredictions(artifact, options);
  return found && errorsOf(found.predicted, found);
}
