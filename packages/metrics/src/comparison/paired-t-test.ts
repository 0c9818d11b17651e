import { clusteredMean, intervalOfMean } from '../statistics/clustered-mean.js';
import { studentTwoSided } from '../statistics/student-t.js';
import { pairedDifferences, type Comparison } from './comparison.js';

/** Options of {@link pairedTTest}. */
export interface PairedTTestOptions {
  /** Coverage of the interval, .95 by default. */
  level?: number;
  /**
   * Cluster of each pair of values, shape [n], where several come from one user and resemble each other: any numbers,
   * -1 for a pair that is a cluster of its own. Every pair is one by default.
   */
  clusters?: ArrayLike<number>;
}

/**
 * Student's paired t-test of a mean difference over users, two-sided; the interval is that of the mean difference.
 * Where every user differs by the same amount nothing varies, and p is 0 (1 when that amount is 0). With `clusters` the
 * standard error is the clustered one (Liang and Zeger 1986), with one degree of freedom fewer than there are clusters.
 *
 * @param a values of one model, one per user
 * @param b values of the other for the same users in the same order
 * @returns for a single user or cluster p is 1 and there is no interval: nothing tells how much users differ
 * @throws TowerkitError `SHAPE_MISMATCH`, `NO_USERS`, `NON_FINITE_VALUE`, `BAD_OPTION`
 */
export function pairedTTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { level = 0.95, clusters }: PairedTTestOptions = {},
): Comparison {
  const mean = clusteredMean(pairedDifferences(a, b), clusters);
  const { value, low, high } = intervalOfMean(mean, level);
  const p = value === 0 || mean.error === null ? 1 : studentTwoSided(value / mean.error, mean.clusters - 1);
  return { difference: value, low, high, p, users: mean.clusters, method: 't' };
}
