import { TowerkitError } from '../errors.js';

/**
 * What becomes of the items of a user's own history in a ranking: `exclude` leaves them out, `allow` ranks them among all
 * others, `only` ranks nothing else.
 */
export type Repeats = 'exclude' | 'allow' | 'only';

const ALL: readonly unknown[] = ['exclude', 'allow', 'only'];

/** @throws TowerkitError `BAD_OPTION` */
export function requireRepeats(value: unknown): void {
  if (ALL.includes(value)) return;
  throw new TowerkitError(
    'BAD_OPTION',
    `repeats must be one of ${ALL.join(', ')}, got ${JSON.stringify(value) ?? String(value)}`,
    { details: { option: 'repeats', value } },
  );
}
