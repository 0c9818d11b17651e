import { badOption } from './options.js';

/**
 * What becomes of the items of a user's own history in a ranking: `exclude` leaves them out, `allow` ranks them among all
 * others, `only` ranks nothing else.
 */
export type Repeats = 'exclude' | 'allow' | 'only';

/** The values of {@link Repeats}, the default first. */
export const REPEATS: readonly Repeats[] = ['exclude', 'allow', 'only'];

/** Whether a value, such as one read from a file, is one of {@link REPEATS}. */
export const isRepeats = (value: unknown): value is Repeats => REPEATS.includes(value as Repeats);

/**
 * The value itself, checked.
 *
 * @throws TowerkitError `BAD_OPTION` for anything but {@link REPEATS}
 * @example
 * ```ts
 * const repeats = requireRepeats(options.repeats ?? 'exclude');
 * ```
 */
export function requireRepeats(value: unknown): Repeats {
  if (isRepeats(value)) return value;
  throw badOption('repeats', value, `must be one of ${REPEATS.join(', ')}`);
}
