import { bootstrapMeans, quantile } from '../statistics/bootstrap-interval.js';
import { meanAndError } from '../statistics/mean-interval.js';
import { requireLevel } from '../validation.js';
import { pairedDifferences, type Comparison } from './comparison.js';
import type { ResamplingOptions } from './permutation-test.js';

/**
 * Paired bootstrap: users are resampled with replacement, the difference recomputed each time. The interval is the
 * percentile one, and p is the level at which it would just touch 0: twice the smaller share of resampled differences
 * on either side of 0, (1 + draws) / (1 + all draws). A single user's resamples are all the same and say nothing: p is
 * then 1, and there is no interval.
 *
 * @param a values of one model, one per user
 * @param b values of the other for the same users in the same order
 * @throws TowerkitError `SHAPE_MISMATCH`; `NO_USERS`, `NON_FINITE_VALUE`, `BAD_OPTION`, `BAD_SEED`
 */
export function pairedBootstrap(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { level = 0.95, resamples = 1000, seed = 0 }: ResamplingOptions = {},
): Comparison {
  requireLevel(level);
  const differences = pairedDifferences(a, b);
  const means = bootstrapMeans(differences, { resamples, seed });
  const users = differences.length;
  const { mean: difference } = meanAndError(differences);
  if (users === 1) return { difference, low: null, high: null, p: 1, users, method: 'bootstrap' };
  let notAbove = 0;
  let notBelow = 0;
  for (const mean of means) {
    if (mean <= 0) notAbove++;
    if (mean >= 0) notBelow++;
  }
  return {
    difference,
    low: quantile(means, (1 - level) / 2),
    high: quantile(means, (1 + level) / 2),
    p: Math.min(1, (2 * (1 + Math.min(notAbove, notBelow))) / (1 + resamples)),
    users,
    method: 'bootstrap',
  };
}
