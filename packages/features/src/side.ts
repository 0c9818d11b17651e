import type { Vocabulary } from '@towerkit/core';
import type { Catalog, InteractionLog, UserTable } from '@towerkit/data';

import { TowerkitError } from './errors.js';

/** Whose features they are: the moment is that of a question. */
export type FeatureOf = 'item' | 'user' | 'moment';

/** One side of the interactions, whose features are asked for, and the table of what is known of it. */
export interface Side {
  readonly what: Exclude<FeatureOf, 'moment'>;
  /** Names by dense id: features have a row for each. */
  readonly names: Vocabulary;
  readonly table?: Catalog['table'];
  /** Ids of the table, by row. */
  readonly ids?: Vocabulary;
  /** Rows of the table's file that were left out. Default 0. */
  readonly skipped?: number;
}

/** The items of a log, known by a catalog where there is one. */
export const itemSide = ({ items }: Pick<InteractionLog, 'items'>, catalog?: Catalog): Side => ({
  what: 'item',
  names: items,
  ...(catalog && { table: catalog.table, ids: catalog.items, skipped: catalog.skipped }),
});

/** The users of a log, known by a table of users where there is one. */
export const userSide = ({ users }: Pick<InteractionLog, 'users'>, table?: UserTable): Side => ({
  what: 'user',
  names: users,
  ...(table && { table: table.table, ids: table.users, skipped: table.skipped }),
});

/** Row of the catalog for each item of the log, -1 for an item it lacks: [items]. */
export const catalogRows = ({ items }: Pick<InteractionLog, 'items'>, catalog: Catalog): Int32Array =>
  rowsOf(items, catalog.items);

const rowsOf = (names: Vocabulary, ids: Vocabulary): Int32Array =>
  Int32Array.from(names.names, (name) => ids.indexOf(name) ?? -1);

/** What messages call the table of a side, and the key of a config that names its columns. */
const WORDS = {
  item: { table: 'catalog', key: 'data.features', none: 'the data set has no catalog' },
  user: { table: 'table of users', key: 'data.users.features', none: 'name its file: data.users.file' },
} as const;

/**
 * Reads columns of a side's table by name, one value for each name of the log, null for one that the table lacks.
 *
 * @throws TowerkitError `MISSING_COLUMN` listing what the table has
 */
export function columnsOf({ what, names, table, ids }: Side): (name: string) => unknown[] {
  const rows = ids && rowsOf(names, ids);
  return (name) => {
    const found = table?.columnNames() ?? [];
    if (!found.includes(name)) {
      const words = WORDS[what];
      throw new TowerkitError('MISSING_COLUMN', `${words.key}: the ${words.table} has no column "${name}"`, {
        hint: found.length > 0 ? `it has ${found.join(', ')}` : words.none,
        details: { column: name, found },
      });
    }
    const values = table!.array(name) as ArrayLike<unknown>;
    return Array.from(rows!, (row) => (row < 0 ? null : values[row]));
  };
}
