import { clusteredMean, intervalOfMean, type PossibleInterval } from '../statistics/clustered-mean.js';
import { requireLevel, requireSameLength } from '../validation.js';
import { requireRatings } from './rating-error.js';

/**
 * An error of ratings, with its interval and the number of ratings behind it. `low` and `high` are null where the
 * ratings are all of one user (or there is one), since nothing then tells how much users differ.
 */
export interface RatingEstimate extends PossibleInterval {
  readonly ratings: number;
}

/** What {@link evaluateRatings} compares. */
export interface RatingEvaluationOptions {
  /** Predicted ratings, shape [n]. */
  predicted: ArrayLike<number>;
  /** True ratings, shape [n]. */
  actual: ArrayLike<number>;
  /**
   * User of each rating, shape [n]: the intervals then allow for a user's errors resembling each other. -1 is nobody in
   * particular, such as an anonymous account, and each such rating counts as a user of its own.
   */
  users?: ArrayLike<number>;
  /** Coverage, .95 by default. */
  level?: number;
}

/**
 * RMSE and MAE with intervals. The MAE is a mean, with the interval of one; the RMSE's interval is that of the mean
 * squared error, with the root of each end. With `users` given the variance is clustered by user (Liang and Zeger 1986),
 * else every rating is taken to be independent of the others.
 *
 * @example
 * ```ts
 * const { rmse } = evaluateRatings({ predicted: [4, 1, 3, 5], actual: [3, 3, 3, 3], users: [7, 7, -1, -1] });
 * rmse.value; // 1.5, with the interval of three users
 * ```
 * @throws TowerkitError `SHAPE_MISMATCH`, `NO_RATINGS`, `NON_FINITE_VALUE`, `BAD_OPTION`
 */
export function evaluateRatings({ predicted, actual, users, level = 0.95 }: RatingEvaluationOptions): {
  rmse: RatingEstimate;
  mae: RatingEstimate;
} {
  requireRatings(predicted, actual);
  requireLevel(level);
  if (users) requireSameLength(predicted, users, 'predicted', 'users');
  const ratings = predicted.length;
  const absolute = Float64Array.from({ length: ratings }, (_, i) => Math.abs(predicted[i] - actual[i]));
  const interval = (values: Float64Array) => intervalOfMean(clusteredMean(values, users), level);
  const squared = interval(absolute.map((error) => error * error));
  const mean = interval(absolute);
  return {
    rmse: {
      value: Math.sqrt(squared.value),
      low: root(squared.low),
      high: root(squared.high),
      ratings,
    },
    mae: { ...mean, low: mean.low === null ? null : Math.max(0, mean.low), ratings },
  };
}

/** The root of an end of an interval, which may lie below 0 or be missing. */
const root = (end: number | null) => (end === null ? null : Math.sqrt(Math.max(0, end)));
