import { TowerkitError } from '../errors.js';
import { countOnes } from '../statistics/estimate.js';
import { incompleteBeta } from '../statistics/incomplete-beta.js';
import { normalQuantile } from '../statistics/normal.js';
import { requireLevel, requireSameLength, requireUserValues } from '../validation.js';
import type { Comparison } from './comparison.js';

/** Options of {@link mcnemarTest}. */
export interface McNemarOptions {
  /** Coverage of the interval, .95 by default. */
  level?: number;
  /** The exact test instead of its mid-p form, which is closer to the nominal level (Fagerland et al. 2013). */
  exact?: boolean;
}

/**
 * McNemar's test of two models' hits on the same users: among the users whom exactly one model hit, are both models
 * equally often the one? Mid-p by default: twice (P(fewer than the smaller count) + half P(exactly it)) under
 * Binomial(n, 1/2). The interval of the difference of the two hit rates is Wald's with half an observation added to
 * each of the four cells (Agresti and Min 2005).
 *
 * @param a 0/1 values of one model, one per user
 * @param b 0/1 values of the other for the same users in the same order
 * @throws TowerkitError `SHAPE_MISMATCH`, `NO_USERS`, `NON_FINITE_VALUE`, `BAD_OPTION`; `NOT_BINARY` for a value that
 * is neither 0 nor 1
 */
export function mcnemarTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { level = 0.95, exact = false }: McNemarOptions = {},
): Comparison {
  requireLevel(level);
  requireSameLength(a, b, 'a', 'b');
  requireUserValues(a);
  if (countOnes(a) < 0 || countOnes(b) < 0)
    throw new TowerkitError('NOT_BINARY', 'McNemar’s test is for values that are 0 or 1', {
      hint: 'use the t-test for graded metrics such as NDCG',
    });
  const users = a.length;
  let onlyA = 0;
  let onlyB = 0;
  for (let i = 0; i < users; i++) {
    if (a[i] > b[i]) onlyA++;
    else if (b[i] > a[i]) onlyB++;
  }
  const shifted = (onlyA - onlyB) / (users + 2);
  const reach =
    (normalQuantile(level) * Math.sqrt(onlyA + onlyB + 1 - (onlyA - onlyB) ** 2 / (users + 2))) / (users + 2);
  return {
    difference: (onlyA - onlyB) / users,
    low: Math.max(-1, shifted - reach),
    high: Math.min(1, shifted + reach),
    p: twoSided(Math.min(onlyA, onlyB), onlyA + onlyB, exact),
    users,
    method: 'mcnemar',
  };
}

/** Two-sided p of `fewer` successes in `n` tosses of a fair coin, fewer <= n / 2. */
function twoSided(fewer: number, n: number, exact: boolean): number {
  if (n === 0) return 1;
  const upTo = atMost(fewer, n);
  return Math.min(1, exact ? 2 * upTo : upTo + atMost(fewer - 1, n));
}

/** P(X <= k) for X of Binomial(n, 1/2), 0 <= k < n (DLMF 8.17.5). */
function atMost(k: number, n: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : incompleteBeta(0.5, n - k, k + 1);
}
