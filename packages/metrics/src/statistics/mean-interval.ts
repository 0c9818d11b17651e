import { requireLevel, requireUserValues } from '../validation.js';
import type { Interval } from './interval.js';
import { meanAndError } from './mean-and-error.js';
import { studentQuantile } from './student-t.js';

/**
 * A mean over users with its interval: mean ± t * s / sqrt(n), t being Student's with n - 1 degrees of freedom,
 * which is the normal approximation (1.96) from a hundred users on. For values that are neither 0/1 (see
 * {@link wilsonInterval}) nor few and very skewed (see {@link bootstrapInterval}).
 *
 * @param values one per user, all finite
 * @param level coverage, .95 by default
 * @param bounds least and greatest value the mean can have, to which the interval is cut; with a single user the
 * interval is the bounds, unbounded by default
 * @throws TowerkitError `NO_USERS`, `NON_FINITE_VALUE`, `BAD_OPTION`
 */
export function meanInterval(
  values: ArrayLike<number>,
  {
    level = 0.95,
    bounds = [-Infinity, Infinity],
  }: { level?: number; bounds?: readonly [number, number] } = {},
): Interval {
  requireLevel(level);
  requireUserValues(values);
  const { mean, error } = meanAndError(values);
  const reach = values.length === 1 ? Infinity : error * studentQuantile(level, values.length - 1);
  return { value: mean, low: Math.max(bounds[0], mean - reach), high: Math.min(bounds[1], mean + reach) };
}
