import { TowerkitError } from '../errors.js';
import type { Interval } from '../statistics/interval.js';
import { studentQuantile } from '../statistics/student-t.js';
import { requireLevel, requireSameLength } from '../validation.js';

/**
 * A mean over values that come in clusters, such as the ratings of one user, which resemble each other: the variance
 * is that of cluster sums of residuals, G / (G - 1) * sum over clusters of (sum of residuals)^2 / n^2 (Liang and Zeger
 * 1986), and t has G - 1 degrees of freedom. With clusters of one it is the ordinary interval of a mean.
 *
 * @param values shape [n]
 * @param clusters cluster of each value, any numbers, shape [n]
 */
export function clusteredMeanInterval(
  values: ArrayLike<number>,
  clusters: ArrayLike<number>,
  level = 0.95,
): Interval {
  requireLevel(level);
  requireSameLength(values, clusters, 'values', 'clusters');
  const n = values.length;
  if (n === 0) throw new TowerkitError('NO_RATINGS', 'there is nothing to take a mean over');
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i] / n;
  const residuals = new Map<number, number>();
  for (let i = 0; i < n; i++)
    residuals.set(clusters[i], (residuals.get(clusters[i]) ?? 0) + values[i] - mean);
  const groups = residuals.size;
  if (groups === 1) return { value: mean, low: -Infinity, high: Infinity };
  let squares = 0;
  for (const residual of residuals.values()) squares += residual * residual;
  const reach = (Math.sqrt((groups / (groups - 1)) * squares) / n) * studentQuantile(level, groups - 1);
  return { value: mean, low: mean - reach, high: mean + reach };
}
