import type { Vocabulary } from '@towerkit/core';

import { filterRows } from '../filter-rows.js';
import type { InteractionLog } from '../interaction-log.js';
import { kCore } from '../k-core.js';
import { DISLIKE, type RowUses } from './row-uses.js';

/**
 * The k-core of what users had, with their dislikes of the items in it: a dislike is no interaction, and counts for nobody.
 *
 * @throws TowerkitError as {@link kCore}
 */
export function coreWithDislikes(
  log: InteractionLog,
  { uses }: RowUses,
  least: { readonly users?: number; readonly items?: number },
): InteractionLog {
  const had = filterRows(
    log,
    uses.map((use) => (use === DISLIKE ? 0 : 1)),
  );
  const { users, items } = kCore(had, least);
  const isKept = (names: Vocabulary, kept: Vocabulary) =>
    Uint8Array.from(names.names, (name) => (kept.indexOf(name) === undefined ? 0 : 1));
  const [user, item] = [isKept(log.users, users), isKept(log.items, items)];
  return filterRows(
    log,
    Uint8Array.from(uses, (_, row) => user[log.user[row]] & item[log.item[row]]),
  );
}
