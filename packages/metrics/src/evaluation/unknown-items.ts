import { TowerkitError } from '../errors.js';

/**
 * What becomes of targets that are -1, items that the catalog does not know: `leave-out` ignores them, `miss` counts each
 * as a target that no list holds, however long.
 */
export type UnknownItems = 'leave-out' | 'miss';

const ALL: readonly unknown[] = ['leave-out', 'miss'];

/** @throws TowerkitError `BAD_OPTION` */
export function requireUnknownItems(value: unknown): void {
  if (ALL.includes(value)) return;
  throw new TowerkitError(
    'BAD_OPTION',
    `unknownItems must be one of ${ALL.join(', ')}, got ${JSON.stringify(value) ?? String(value)}`,
    { details: { option: 'unknownItems', value } },
  );
}
