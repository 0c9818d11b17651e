import { TowerkitError } from '../errors.js';
import { requireLevel } from '../validation.js';
import type { Interval } from './mean-interval.js';
import { normalQuantile } from './normal.js';

/**
 * A proportion with its interval by Wilson's score (Wilson 1927): for 0/1 values, such as hit rates. It stays
 * within [0, 1] and keeps its coverage near the ends, where mean ± 1.96 s / sqrt(n) does not.
 *
 * @param successes number of ones, in [0, trials]
 * @param trials number of users, at least 1
 * @param level coverage, .95 by default
 * @throws TowerkitError `NO_USERS`, `BAD_COUNTS`, `BAD_OPTION`
 */
export function wilsonInterval(successes: number, trials: number, level = 0.95): Interval {
  requireLevel(level);
  if (trials === 0) throw new TowerkitError('NO_USERS', 'there are no users to take a proportion of');
  if (
    !Number.isSafeInteger(trials) ||
    !Number.isSafeInteger(successes) ||
    successes < 0 ||
    successes > trials
  )
    throw new TowerkitError('BAD_COUNTS', `${successes} of ${trials} is not a proportion`);
  const value = successes / trials;
  const z2 = normalQuantile(level) ** 2;
  const center = (value + z2 / (2 * trials)) / (1 + z2 / trials);
  const reach =
    Math.sqrt(z2 * ((value * (1 - value)) / trials + z2 / (4 * trials * trials))) / (1 + z2 / trials);
  return {
    value,
    low: successes === 0 ? 0 : center - reach,
    high: successes === trials ? 1 : center + reach,
  };
}
