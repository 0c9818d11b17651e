import { requireUserValues } from '../validation.js';
import { bootstrapInterval, type BootstrapOptions } from './bootstrap-interval.js';
import { meanInterval, type Interval } from './mean-interval.js';
import { wilsonInterval } from './wilson-interval.js';

/** A metric's mean over users, with its interval and the number of users behind it. */
export interface Estimate extends Interval {
  readonly users: number;
  /** Users for whom the metric is undefined and who are left out of it; absent where there are none. */
  readonly undefinedFor?: number;
}

/** How intervals are made. */
export interface EstimateOptions {
  /** Coverage, .95 by default. */
  level?: number;
  /** Percentile bootstrap instead of the formulas. */
  bootstrap?: BootstrapOptions;
}

/**
 * The mean over users of a ranking metric, which lies in [0, 1], with its interval: Wilson's where every value is
 * 0 or 1 (hit rates; also recall with one target), else Student's, cut to [0, 1]; or the bootstrap's when asked.
 *
 * @param values one per user
 * @throws TowerkitError `NO_USERS`, `NON_FINITE_VALUE`, `BAD_OPTION`, `BAD_SEED`
 */
export function estimate(values: ArrayLike<number>, { level, bootstrap }: EstimateOptions = {}): Estimate {
  requireUserValues(values);
  return { ...interval(), users: values.length };

  function interval(): Interval {
    if (bootstrap) return bootstrapInterval(values, { ...bootstrap, level, bounds: [0, 1] });
    const ones = countOnes(values);
    if (ones >= 0) return wilsonInterval(ones, values.length, level);
    return meanInterval(values, { level, bounds: [0, 1] });
  }
}

/**
 * {@link estimate} over the users for whom the metric is defined; NaN stands for the others.
 *
 * @returns the estimate; where the metric is defined for nobody, its value is NaN and its interval 0 to 1
 */
export function estimateDefined(values: Float64Array, options: EstimateOptions = {}): Estimate {
  const defined = values.filter((value) => !Number.isNaN(value));
  if (defined.length === values.length) return estimate(values, options);
  const undefinedFor = values.length - defined.length;
  if (defined.length === 0) return { value: NaN, low: 0, high: 1, users: 0, undefinedFor };
  return { ...estimate(defined, options), undefinedFor };
}

/** Number of ones when every value is 0 or 1, else -1. */
export function countOnes(values: ArrayLike<number>): number {
  let ones = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 1) ones++;
    else if (values[i] !== 0) return -1;
  }
  return ones;
}
