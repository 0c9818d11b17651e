import { TowerkitError } from './towerkit-error.js';

/**
 * Requires that an option is a whole number, such as a number of factors or of threads.
 *
 * @param name how the caller calls the option
 * @param value what the caller gave
 * @param least the smallest that will do, 1 by default; `-Infinity` for any integer, such as a seed
 * @throws TowerkitError `BAD_OPTION` unless `value` is a safe integer of at least `least`
 *
 * @example
 * ```ts
 * requireCount('factors', 64);
 * requireCount('epochs', 0, 0);
 * requireCount('factors', 6.4); // throws: factors must be an integer of at least 1, got 6.4
 * ```
 */
export function requireCount(name: string, value: unknown, least = 1): asserts value is number {
  if (!Number.isSafeInteger(value) || (value as number) < least)
    throw badOption(
      name,
      value,
      least === -Infinity ? 'must be an integer' : `must be an integer of at least ${least}`,
    );
}

/**
 * The error for an option that cannot be used, to be thrown by the caller.
 *
 * @param name how the caller calls the option
 * @param value what the caller gave; it becomes part of the message, so not for secrets
 * @param must what it has to be, such as `must be from 0 to 1`
 * @returns an error `BAD_OPTION` with `details` of `{option, value}`
 *
 * @example
 * ```ts
 * throw badOption('b', 2, 'must be from 0 to 1'); // b must be from 0 to 1, got 2
 * ```
 */
export const badOption = (name: string, value: unknown, must: string): TowerkitError<'BAD_OPTION'> =>
  new TowerkitError('BAD_OPTION', `${name} ${must}, got ${shown(value)}`, {
    details: { option: name, value },
  });

/** Text in quotes and objects as JSON, the rest by name, which NaN and infinities have in JavaScript only. */
const shown = (value: unknown) =>
  typeof value === 'string' || typeof value === 'object' ? JSON.stringify(value) : String(value);
