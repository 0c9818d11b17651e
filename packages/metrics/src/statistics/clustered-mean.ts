import { TowerkitError } from '../errors.js';
import { requireFinite, requireLevel, requireSameLength } from '../validation.js';
import { meanAndError } from './mean-interval.js';
import { studentQuantile } from './student-t.js';

/** An estimate with its interval; both ends are null where nothing tells how much the estimate varies. */
export interface PossibleInterval {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** A mean and what is known of its variation. */
export interface ClusteredMean {
  readonly mean: number;
  /** Standard error; null for a single cluster, which has nothing to differ from. */
  readonly error: number | null;
  readonly clusters: number;
}

/**
 * A mean over values that come in clusters, such as the ratings of one user, which resemble each other: its squared
 * standard error is that of cluster sums of residuals, G / (G - 1) * sum over clusters of (sum of residuals)^2 / n^2
 * (Liang and Zeger 1986). With clusters of one it is the ordinary standard error of a mean.
 *
 * @param values shape [n]
 * @param clusters cluster of each value, shape [n]: any numbers, -1 for a value that is a cluster of its own; without
 * them every value is
 * @throws TowerkitError `NO_RATINGS` for no values; `SHAPE_MISMATCH`; `NON_FINITE_VALUE` for a cluster that is no number
 */
export function clusteredMean(values: ArrayLike<number>, clusters?: ArrayLike<number>): ClusteredMean {
  const n = values.length;
  if (n === 0) throw new TowerkitError('NO_RATINGS', 'there is nothing to take a mean over');
  const { mean, error } = meanAndError(values);
  if (clusters === undefined) return { mean, error: n === 1 ? null : error, clusters: n };
  requireSameLength(values, clusters, 'values', 'clusters');
  requireFinite(clusters);
  const residuals = new Map<number, number>();
  let squares = 0;
  let count = 0;
  for (let i = 0; i < n; i++) {
    const residual = values[i] - mean;
    if (clusters[i] === -1) {
      squares += residual * residual;
      count++;
    } else residuals.set(clusters[i], (residuals.get(clusters[i]) ?? 0) + residual);
  }
  for (const residual of residuals.values()) squares += residual * residual;
  count += residuals.size;
  return {
    mean,
    error: count === 1 ? null : Math.sqrt((count / (count - 1)) * squares) / n,
    clusters: count,
  };
}

/** The interval of a mean by Student's t, with one degree of freedom fewer than there are clusters. */
export function intervalOfMean({ mean, error, clusters }: ClusteredMean, level: number): PossibleInterval {
  requireLevel(level);
  if (error === null) return { value: mean, low: null, high: null };
  const reach = error * studentQuantile(level, clusters - 1);
  return { value: mean, low: mean - reach, high: mean + reach };
}
