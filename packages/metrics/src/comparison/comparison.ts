import { requireSameLength, requireUserValues } from '../validation.js';

/** How two models differ on the same users. */
export interface Comparison {
  /** Mean of the first model's values less mean of the second's: above 0, the first is better. */
  readonly difference: number;
  /** Lower end of the interval of the difference. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
  /** Two-sided p: how often a difference this large would come up if the models were equal. */
  readonly p: number;
  readonly users: number;
  /** The test behind `p`. */
  readonly method: ComparisonMethod;
}

/** The paired tests there are. */
export type ComparisonMethod = 't' | 'mcnemar' | 'permutation' | 'bootstrap';

/** The differences user by user, of at least two users. */
export function pairedDifferences(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  requireSameLength(a, b, 'a', 'b');
  requireUserValues(a, 2);
  requireUserValues(b, 2);
  return Float64Array.from({ length: a.length }, (_, i) => a[i] - b[i]);
}
