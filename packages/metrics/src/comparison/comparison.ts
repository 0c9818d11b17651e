import { requireSameLength, requireUserValues } from '../validation.js';

/** How two models differ on the same users. */
export interface Comparison {
  /** Mean of the first model's values less mean of the second's: above 0, the first is better. */
  readonly difference: number;
  /**
   * Lower end of the interval of the difference; null, like the upper end, where a single user leaves nothing to tell by
   * how much users differ. McNemar's test has an interval all the same.
   */
  readonly low: number | null;
  /** Upper end. */
  readonly high: number | null;
  /**
   * Two-sided p: how often a difference this large would come up if the models were equal. 1 where `low` and `high` are
   * null: a single user is no evidence either way.
   */
  readonly p: number;
  /** Number of users compared; of clusters, where those were given. */
  readonly users: number;
  /** The test behind `p`. */
  readonly method: ComparisonMethod;
}

/** The paired tests there are. */
export type ComparisonMethod = 't' | 'mcnemar' | 'permutation' | 'bootstrap';

/** The differences user by user, of at least one user. */
export function pairedDifferences(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  requireSameLength(a, b, 'a', 'b');
  requireUserValues(a);
  requireUserValues(b);
  return Float64Array.from({ length: a.length }, (_, i) => a[i] - b[i]);
}
