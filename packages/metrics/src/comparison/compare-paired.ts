import { TowerkitError } from '../errors.js';
import { countOnes } from '../statistics/estimate.js';
import { pairedDifferences, type Comparison, type ComparisonMethod } from './comparison.js';
import { mcnemarTest } from './mcnemar-test.js';
import { pairedBootstrap } from './paired-bootstrap.js';
import { pairedTTest } from './paired-t-test.js';
import { permutationTest, type ResamplingOptions } from './permutation-test.js';

/** Options of {@link comparePaired}. */
export interface CompareOptions extends ResamplingOptions {
  /** The test: by default McNemar's where all values are 0 or 1, else, and wherever there are clusters, the t-test. */
  method?: ComparisonMethod | 'auto';
  /**
   * Cluster of each pair of values, shape [n], where several come from one user: any numbers, -1 for a pair that is a
   * cluster of its own, such as one of an anonymous account. For the t-test alone.
   */
  clusters?: ArrayLike<number>;
}

/**
 * Compares two models on the same users.
 *
 * @param a values of one model, one per user, such as `perUser['ndcg@10']` of an evaluation
 * @param b values of the other for the same users in the same order
 * @returns the mean difference a - b with its interval and a two-sided p; for a single user the t-test, the permutation
 * test and the bootstrap have p = 1 and no interval
 *
 * @example
 * ```ts
 * comparePaired([0.5, 1, 0.2, 0.9], [0.4, 0.7, 0.2, 0.5]).difference; // 0.2
 * ```
 * @throws TowerkitError `SHAPE_MISMATCH`, `NO_USERS`, `NON_FINITE_VALUE`, `BAD_SEED`; `NOT_BINARY` when McNemar's test is
 * asked for other values; `BAD_OPTION`, also for clusters with another method than the t-test
 */
export function comparePaired(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: CompareOptions = {},
): Comparison {
  pairedDifferences(a, b);
  const { method = 'auto', level, clusters } = options;
  if (clusters !== undefined && method !== 'auto' && method !== 't')
    throw new TowerkitError('BAD_OPTION', `the ${method} test takes no clusters`, {
      hint: "use method: 't' where values come in clusters",
    });
  switch (method) {
    case 'auto':
      return clusters === undefined && countOnes(a) >= 0 && countOnes(b) >= 0
        ? mcnemarTest(a, b, { level })
        : pairedTTest(a, b, { level, clusters });
    case 't':
      return pairedTTest(a, b, { level, clusters });
    case 'mcnemar':
      return mcnemarTest(a, b, { level });
    case 'permutation':
      return permutationTest(a, b, options);
    case 'bootstrap':
      return pairedBootstrap(a, b, options);
    default:
      throw new TowerkitError('BAD_OPTION', `there is no paired test ${String(method)}`, {
        hint: 'auto, t, mcnemar, permutation or bootstrap',
      });
  }
}
