import { TowerkitError } from '../errors.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { comparePaired, type CompareOptions } from './compare-paired.js';
import type { Comparison } from './comparison.js';

/** The part of an evaluation that a comparison needs. */
export type PerUserValues<K extends string> = Pick<Evaluation<K>, 'users' | 'perUser'>;

/**
 * Compares two evaluations, metric by metric; both must have evaluated the same users with the same metrics.
 *
 * @returns for each metric of `a`, the difference a - b with its interval and p, also where the users are only one; users
 * for whom the metric is undefined are left out
 * @throws TowerkitError `USERS_DIFFER`; `BAD_METRIC` for a metric that `b` lacks; those of {@link comparePaired}
 */
export function compareEvaluations<K extends string>(
  a: PerUserValues<K>,
  b: PerUserValues<NoInfer<K>>,
  options: CompareOptions = {},
): Record<K, Comparison> {
  if (a.users.length !== b.users.length || a.users.some((user, i) => user !== b.users[i]))
    throw new TowerkitError('USERS_DIFFER', 'the two evaluations are not of the same users', {
      hint: 'evaluate both with the same histories, targets, users and sample',
    });
  const comparisons = {} as Record<K, Comparison>;
  for (const metric of Object.keys(a.perUser) as K[]) {
    if (!Object.hasOwn(b.perUser, metric))
      throw new TowerkitError('BAD_METRIC', `the second evaluation has no ${metric}`, {
        details: { metric },
      });
    comparisons[metric] = compareDefined(a.perUser[metric], b.perUser[metric], options);
  }
  return comparisons;
}

/**
 * {@link comparePaired} of the users for whom both values are defined. Where there are none, the difference is NaN, the
 * interval null and p is 1.
 */
function compareDefined(a: Float64Array, b: Float64Array, options: CompareOptions): Comparison {
  const defined = Array.from(a.keys()).filter((i) => !Number.isNaN(a[i]) && !Number.isNaN(b[i]));
  if (defined.length === a.length) return comparePaired(a, b, options);
  if (defined.length === 0) return { difference: NaN, low: null, high: null, p: 1, users: 0, method: 't' };
  const { clusters } = options;
  return comparePaired(
    defined.map((i) => a[i]),
    defined.map((i) => b[i]),
    { ...options, ...(clusters && { clusters: defined.map((i) => clusters[i]) }) },
  );
}
