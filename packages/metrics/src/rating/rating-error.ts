import { TowerkitError } from '../errors.js';
import { requireFinite, requireSameLength } from '../validation.js';

/** Metrics of predicted ratings; of both, less is better. */
export type RatingMetric = 'rmse' | 'mae';

const NAMES: readonly string[] = ['rmse', 'mae'] satisfies RatingMetric[];

/** Whether a metric is of predicted ratings, and so one of which less is better: of all others more is. */
export const isRatingMetric = (name: string): name is RatingMetric => NAMES.includes(name);

/** Refuses ratings that cannot be compared: none, of different number, not finite. */
export function requireRatings(predicted: ArrayLike<number>, actual: ArrayLike<number>): void {
  requireSameLength(predicted, actual, 'predicted', 'actual');
  if (predicted.length === 0) throw new TowerkitError('NO_RATINGS', 'there are no ratings to compare');
  requireFinite(predicted);
  requireFinite(actual);
}

/**
 * Root of the mean squared error of predicted ratings.
 *
 * @throws TowerkitError `SHAPE_MISMATCH`, `NO_RATINGS`, `NON_FINITE_VALUE`
 */
export function rmse(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  requireRatings(predicted, actual);
  let sum = 0;
  for (let i = 0; i < predicted.length; i++) sum += (predicted[i] - actual[i]) ** 2;
  return Math.sqrt(sum / predicted.length);
}

/**
 * Mean absolute error of predicted ratings.
 *
 * @throws TowerkitError `SHAPE_MISMATCH`, `NO_RATINGS`, `NON_FINITE_VALUE`
 */
export function mae(predicted: ArrayLike<number>, actual: ArrayLike<number>): number {
  requireRatings(predicted, actual);
  let sum = 0;
  for (let i = 0; i < predicted.length; i++) sum += Math.abs(predicted[i] - actual[i]);
  return sum / predicted.length;
}
