import type { Vocabulary } from '@towerkit/core';

import { TowerkitError } from './errors.js';
import type { InteractionLog } from './interaction-log.js';
import type { Catalog } from './read-catalog.js';
import type { UserTable } from './read-users.js';

/** How a table of items or users and the interactions fit together. */
export interface CatalogOverlap {
  /** Items or users with interactions that have no row in the table. */
  readonly withoutRow: number;
  /** Rows of the table whose item or user has no interaction. */
  readonly withoutInteractions: number;
}

/**
 * Counts the items that catalog and interactions do not share.
 *
 * @throws TowerkitError `NO_OVERLAP` where they share none: their ids are of two kinds
 */
export const requireOverlap = (
  { items, item }: Pick<InteractionLog, 'items' | 'item'>,
  catalog: Pick<Catalog, 'items'>,
): CatalogOverlap => overlapOf(items, item, catalog.items, { what: 'items', table: 'catalog' });

/**
 * Counts the users that the table of users and the interactions do not share.
 *
 * @throws TowerkitError `NO_OVERLAP` where they share none: their ids are of two kinds
 */
export const requireUserOverlap = (
  { users, user }: Pick<InteractionLog, 'users' | 'user'>,
  table: Pick<UserTable, 'users'>,
): CatalogOverlap => overlapOf(users, user, table.users, { what: 'users', table: 'table of users' });

/** @param ids of each interaction, in `names` */
function overlapOf(
  names: Vocabulary,
  ids: Int32Array,
  rows: Vocabulary,
  { what, table }: { what: 'items' | 'users'; table: string },
): CatalogOverlap {
  const taken = new Set(ids);
  let withoutRow = 0;
  for (const id of taken) if (rows.indexOf(names.nameOf(id)) === undefined) withoutRow++;
  const shared = taken.size - withoutRow;
  if (shared === 0 && taken.size > 0)
    throw new TowerkitError(
      'NO_OVERLAP',
      `none of the ${taken.size} ${what} with interactions is among the ${rows.size} of the ${table}`,
      {
        hint: `see that both use the same ids: interactions have "${names.nameOf(ids[0])}", the ${table} "${rows.nameOf(0)}"`,
        details: { [what]: taken.size, [what === 'items' ? 'catalog' : 'table']: rows.size },
      },
    );
  return { withoutRow, withoutInteractions: rows.size - shared };
}
