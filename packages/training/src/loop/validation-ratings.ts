import { TowerkitError, type CsrMatrix, type Matrix } from '@towerkit/core';
import { evaluateRatings, type Estimate, type RatingEstimate, type RatingMetric } from '@towerkit/metrics';
import type { RatingScale } from '@towerkit/towers';

import type { UserVectors } from '../inference/user-vectors.js';
import type { InputRows } from '../tables/input-rows.js';

/** What ratings are predicted from: as of `UserVectors.compute`. */
export interface RatingQuestion {
  /** Ratings that were held back: users x items. */
  readonly ratings: CsrMatrix;
  /** What is known of the users by then. */
  readonly histories: CsrMatrix;
  readonly users: UserVectors;
  readonly itemVectors: Matrix;
  readonly moments: Readonly<Record<string, InputRows>>;
  readonly scale: RatingScale;
}

/**
 * RMSE and MAE of predicted ratings, with intervals that allow for users; people without a history count too. Where the ratings
 * are all of one user, the ends of the intervals are NaN.
 *
 * @throws TowerkitError `NO_RATINGS` without ratings held back
 */
export async function ratingErrors({
  ratings: { rows, indptr, indices, values },
  histories,
  users,
  itemVectors,
  moments,
  scale,
}: RatingQuestion): Promise<Record<RatingMetric, Estimate>> {
  if (!values || indices.length === 0)
    throw new TowerkitError('NO_RATINGS', 'no ratings are held back to measure predictions on', {
      hint: 'split off a part with ratings, or watch a ranking metric such as ndcg@10',
    });
  const asked: number[] = [];
  for (let user = 0; user < rows; user++) if (indptr[user + 1] > indptr[user]) asked.push(user);
  const predicted: number[] = [];
  const actual: number[] = [];
  const owner: number[] = [];
  const { dimensions } = users.model;
  for (let start = 0; start < asked.length; start += users.batch) {
    const batch = Int32Array.from(asked.slice(start, start + users.batch));
    const known = Array.from(batch, (user) => histories.row(user));
    const vectors = await users.compute(known, batch, itemVectors, moments);
    batch.forEach((user, row) => {
      const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
      for (let at = indptr[user]; at < indptr[user + 1]; at++) {
        if (Number.isNaN(values[at])) continue;
        owner.push(user);
        actual.push(values[at]);
        predicted.push(readRating(vector, itemVectors.row(indices[at]), scale));
      }
    });
  }
  const errors = evaluateRatings({ predicted, actual, users: owner });
  const counted = ({ value, low, high }: RatingEstimate): Estimate => ({
    value,
    low: low ?? NaN,
    high: high ?? NaN,
    users: new Set(owner).size,
  });
  return { rmse: counted(errors.rmse), mae: counted(errors.mae) };
}

function readRating(user: Float32Array, item: Float32Array, { offset, range }: RatingScale): number {
  let rating = offset;
  for (let d = 0; d < user.length; d++) rating += user[d] * item[d];
  return range ? Math.min(range[1], Math.max(range[0], rating)) : rating;
}
