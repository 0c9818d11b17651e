import { requireChoice } from '../validation.js';

/**
 * What becomes of the items of a user's own history in a ranking: `exclude` leaves them out, `allow` ranks them among all
 * others, `only` ranks nothing else.
 */
export type Repeats = 'exclude' | 'allow' | 'only';

/**
 * What becomes of targets that are -1, items that the catalog does not know: `leave-out` ignores them, `miss` counts each
 * as a target that no list holds, however long.
 */
export type UnknownItems = 'leave-out' | 'miss';

const REPEATS: readonly Repeats[] = ['exclude', 'allow', 'only'];
const UNKNOWN_ITEMS: readonly UnknownItems[] = ['leave-out', 'miss'];

/** @throws TowerkitError `BAD_OPTION` */
export function requireTargetRules(repeats: unknown, unknownItems: unknown): void {
  requireChoice('repeats', repeats, REPEATS);
  requireChoice('unknownItems', unknownItems, UNKNOWN_ITEMS);
}
