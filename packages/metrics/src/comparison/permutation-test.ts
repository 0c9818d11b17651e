import { clusteredMean, intervalOfMean } from '../statistics/clustered-mean.js';
import { uniformSource, type Seed } from '../statistics/uniform-source.js';
import { requireCount } from '../validation.js';
import { pairedDifferences, type Comparison } from './comparison.js';

/** Options of the tests that draw at random. */
export interface ResamplingOptions {
  /** Coverage of the interval, .95 by default. */
  level?: number;
  /** Number of draws over all users: 10,000 sign flips, 1,000 bootstrap samples by default. */
  resamples?: number;
  /** Seed or uniform source, 0 by default. */
  seed?: Seed;
}

/**
 * Paired permutation test: if the models were equal, each user's difference could as well have the other sign.
 * p = (1 + draws with a mean difference at least as large) / (1 + draws) (Phipson and Smyth 2010). The interval is that
 * of the t-test. With a single user every draw is as large, so p is 1, and there is no interval.
 *
 * @param a values of one model, one per user
 * @param b values of the other for the same users in the same order
 * @throws TowerkitError `SHAPE_MISMATCH`; `NO_USERS`, `NON_FINITE_VALUE`, `BAD_OPTION`, `BAD_SEED`
 */
export function permutationTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { level = 0.95, resamples = 10_000, seed = 0 }: ResamplingOptions = {},
): Comparison {
  requireCount('resamples', resamples);
  const uniform = uniformSource(seed);
  const differences = pairedDifferences(a, b);
  const { value, low, high } = intervalOfMean(clusteredMean(differences), level);
  // A user without a difference has no sign to flip; most have none.
  const moving = differences.filter((difference) => difference !== 0);
  const observed = Math.abs(moving.reduce((sum, difference) => sum + difference, 0));
  // Sums of the same numbers in another sign pattern may differ in the last bits only: call those equal.
  const reached = observed - 1e-9 * moving.reduce((sum, difference) => sum + Math.abs(difference), 0);
  let asLarge = 0;
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    for (let i = 0; i < moving.length; i += 32) {
      let signs = Math.floor(uniform() * 4294967296);
      for (let j = i; j < i + 32 && j < moving.length; j++, signs >>>= 1)
        sum += moving[j] * (((signs & 1) << 1) - 1);
    }
    if (Math.abs(sum) >= reached) asLarge++;
  }
  const p = (1 + asLarge) / (1 + resamples);
  return { difference: value, low, high, p, users: differences.length, method: 'permutation' };
}
