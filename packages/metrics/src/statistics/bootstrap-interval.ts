import { requireCount, requireLevel, requireUserValues } from '../validation.js';
import type { Interval } from './mean-interval.js';
import { uniformSource, type Seed } from './uniform-source.js';

/** How a bootstrap is drawn. */
export interface BootstrapOptions {
  /** Number of resamples, 1000 by default. */
  resamples?: number;
  /** Seed or uniform source, 0 by default. */
  seed?: Seed;
}

/** Means of `resamples` samples of `values` drawn with replacement, ascending. */
export function bootstrapMeans(
  values: ArrayLike<number>,
  { resamples = 1000, seed = 0 }: BootstrapOptions,
): Float64Array {
  requireCount('resamples', resamples);
  const uniform = uniformSource(seed);
  const n = values.length;
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[Math.floor(uniform() * n)];
    means[r] = sum / n;
  }
  return means.sort();
}

/**
 * A mean over users with its percentile bootstrap interval (Efron 1979): users are resampled with replacement.
 * It assumes no shape, at the cost of `resamples` passes over the users.
 *
 * @param values one per user, all finite
 * @param options `level` of coverage (.95), `resamples` (1000), `seed` (0), and `bounds`, the least and greatest value the
 * mean can have: with a single user, whose resamples are all the same, the interval is the bounds, unbounded by default
 * @throws TowerkitError `NO_USERS`, `NON_FINITE_VALUE`, `BAD_OPTION`, `BAD_SEED`
 */
export function bootstrapInterval(
  values: ArrayLike<number>,
  {
    level = 0.95,
    bounds = [-Infinity, Infinity],
    ...options
  }: BootstrapOptions & { level?: number; bounds?: readonly [number, number] } = {},
): Interval {
  requireLevel(level);
  requireUserValues(values);
  const means = bootstrapMeans(values, options);
  if (values.length === 1) return { value: values[0], low: bounds[0], high: bounds[1] };
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return {
    value: sum / values.length,
    low: quantile(means, (1 - level) / 2),
    high: quantile(means, (1 + level) / 2),
  };
}

/** The `p` quantile of ascending values, interpolated linearly (type 7 of Hyndman and Fan 1996). */
export function quantile(ascending: ArrayLike<number>, p: number): number {
  const place = p * (ascending.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, ascending.length - 1);
  return ascending[below] + (place - below) * (ascending[above] - ascending[below]);
}
