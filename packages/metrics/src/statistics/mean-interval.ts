import { requireLevel, requireUserValues } from '../validation.js';
import { studentQuantile } from './student-t.js';

/** An estimate with the interval that covers the true value with the probability asked for, 95% by default. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

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

/** The mean of `values` and its standard error, s / sqrt(n) with s over n - 1 (NaN for one value), in two passes. */
export function meanAndError(values: ArrayLike<number>): { mean: number; error: number } {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i];
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - mean) ** 2;
  return { mean, error: Math.sqrt(squares / (n - 1) / n) };
}
