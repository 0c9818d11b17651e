import { TowerkitError, type CsrMatrix, type Matrix } from '@towerkit/core';
import { evaluateRatings, type Estimate, type RatingEstimate, type RatingMetric } from '@towerkit/metrics';
import type { RatingScale } from '@towerkit/towers';

import type { UserVectors } from '../inference/user-vectors.js';

/** What ratings are predicted from: as of `UserVectors.compute`, at a moment of which nothing is known. */
export interface RatingQuestion {
  /** Ratings that were held back, rows x items. */
  readonly ratings: CsrMatrix;
  /** Whose ratings each row holds, [rows]; row `u` those of user `u` when absent. */
  readonly owners?: Int32Array;
  /** What is known of the users by then. */
  readonly histories: CsrMatrix;
  readonly users: UserVectors;
  readonly itemVectors: Matrix;
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
  owners,
  histories,
  users,
  itemVectors,
  scale,
}: RatingQuestion): Promise<Record<RatingMetric, Estimate>> {
  if (!values || indices.length === 0)
    throw new TowerkitError('NO_RATINGS', 'no ratings are held back to measure predictions on', {
      hint: 'split off a part with ratings, or watch a ranking metric such as ndcg@10',
    });
  const asked: number[] = [];
  for (let row = 0; row < rows; row++) if (indptr[row + 1] > indptr[row]) asked.push(row);
  const predicted: number[] = [];
  const actual: number[] = [];
  const owner: number[] = [];
  const { dimensions } = users.model;
  for (let start = 0; start < asked.length; start += users.batch) {
    const batch = asked.slice(start, start + users.batch);
    const who = Int32Array.from(batch, (row) => owners?.[row] ?? row);
    const known = Array.from(who, (user) => histories.row(user));
    const vectors = await users.compute(known, who, itemVectors);
    batch.forEach((row, place) => {
      const vector = vectors.subarray(place * dimensions, (place + 1) * dimensions);
      for (let at = indptr[row]; at < indptr[row + 1]; at++) {
        if (Number.isNaN(values[at])) continue;
        owner.push(who[place]);
        actual.push(values[at]);
        predicted.push(readRating(vector, itemVectors.row(indices[at]), scale));
      }
    });
  }
  const errors = evaluateRatings({ predicted, actual, users: owner });
  const people = new Set(owner).size;
  const counted = ({ value, low, high }: RatingEstimate): Estimate => ({
    ...{ value, low: low ?? NaN, high: high ?? NaN },
    users: people,
  });
  return { rmse: counted(errors.rmse), mae: counted(errors.mae) };
}

function readRating(user: Float32Array, item: Float32Array, { offset, range }: RatingScale): number {
  let rating = offset;
  for (let d = 0; d < user.length; d++) rating += user[d] * item[d];
  return range ? Math.min(range[1], Math.max(range[0], rating)) : rating;
}
