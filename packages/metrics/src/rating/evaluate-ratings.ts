import type { Interval } from '../statistics/interval.js';
import { meanInterval } from '../statistics/mean-interval.js';
import { requireSameLength } from '../validation.js';
import { clusteredMeanInterval } from './clustered-mean-interval.js';
import { requireRatings } from './rating-error.js';

/** An error of ratings, with its interval and the number of ratings behind it. */
export interface RatingEstimate extends Interval {
  readonly ratings: number;
}

/** What {@link evaluateRatings} compares. */
export interface RatingOptions {
  /** Predicted ratings, shape [n]. */
  predicted: ArrayLike<number>;
  /** True ratings, shape [n]. */
  actual: ArrayLike<number>;
  /** User of each rating, shape [n]: the intervals then allow for a user's errors resembling each other. */
  users?: ArrayLike<number>;
  /** Coverage, .95 by default. */
  level?: number;
}

/**
 * RMSE and MAE with intervals. The MAE is a mean, with the interval of one; the RMSE's interval is that of the mean
 * squared error, with the root of each end. With `users` given the variance is clustered by user, else every rating is
 * taken to be independent of the others.
 *
 * @throws TowerkitError `SHAPE_MISMATCH`, `NO_RATINGS`, `NON_FINITE_VALUE`, `BAD_OPTION`
 */
export function evaluateRatings({ predicted, actual, users, level = 0.95 }: RatingOptions): {
  rmse: RatingEstimate;
  mae: RatingEstimate;
} {
  requireRatings(predicted, actual);
  if (users) requireSameLength(predicted, users, 'predicted', 'users');
  const ratings = predicted.length;
  const absolute = Float64Array.from({ length: ratings }, (_, i) => Math.abs(predicted[i] - actual[i]));
  const interval = (values: Float64Array): Interval =>
    users ? clusteredMeanInterval(values, users, level) : meanInterval(values, { level });
  const squared = interval(absolute.map((error) => error * error));
  const mean = interval(absolute);
  return {
    rmse: {
      value: Math.sqrt(squared.value),
      low: Math.sqrt(Math.max(0, squared.low)),
      high: Math.sqrt(squared.high),
      ratings,
    },
    mae: { ...mean, low: Math.max(0, mean.low), ratings },
  };
}
