import { meanAndError } from '../statistics/mean-and-error.js';
import { meanInterval } from '../statistics/mean-interval.js';
import { studentTwoSided } from '../statistics/student-t.js';
import { pairedDifferences, type Comparison } from './comparison.js';

/**
 * Student's paired t-test of a mean difference over users, two-sided; the interval is that of the mean difference.
 * Where every user differs by the same amount nothing varies, and p is 0 (1 when that amount is 0).
 *
 * @param a values of one model, one per user
 * @param b values of the other for the same users in the same order
 * @param level coverage of the interval, .95 by default
 * @throws TowerkitError `SHAPE_MISMATCH`; `NO_USERS` for fewer than two; `NON_FINITE_VALUE`, `BAD_OPTION`
 */
export function pairedTTest(a: ArrayLike<number>, b: ArrayLike<number>, level = 0.95): Comparison {
  const differences = pairedDifferences(a, b);
  const users = differences.length;
  const { value, low, high } = meanInterval(differences, { level });
  const { error } = meanAndError(differences);
  const p = value === 0 ? 1 : studentTwoSided(value / error, users - 1);
  return { difference: value, low, high, p, users, method: 't' };
}
