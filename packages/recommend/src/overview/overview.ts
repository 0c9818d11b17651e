import type { z } from 'zod';

import { placeReader } from '../engine/nearby.js';
import type { ArtifactTables } from '../trial/tables.js';
import { kindColumns, numberColumns } from './columns.js';
import type { ItemPlane } from './item-plane.js';
import type { overviewSchema } from './schema.js';

/** Items of an overview, at most: as many as a page can draw. */
const ITEMS = 3000;
/** Columns of each sort, at most. */
const COLUMNS = 3;
/** Items of a user, the newest, that are told. */
const LATEST = 5;
/** Items that a user who is worth showing had. */
const [FEWEST, MOST] = [4, 30];

/** What a page can show of a model before anything is asked; {@link overviewSchema} says what each part is. */
export type Overview = z.infer<typeof overviewSchema>;

/** Dense ids of the items that an overview shows: those most often had, first. */
export function overviewItems(counts: ArrayLike<number>, most = ITEMS): number[] {
  return Array.from(counts, (_, item) => item)
    .sort((a, b) => counts[b] - counts[a] || a - b)
    .slice(0, most);
}

/**
 * What a page can show of a model before anything is asked: its items on a plane and on the globe, columns to filter by, and a
 * few users with what they had.
 *
 * @param items dense ids, see {@link overviewItems}
 * @param plane where they stand, in the same order
 * @param users how many users
 */
export function overviewOf(
  tables: Pick<ArtifactTables, 'items' | 'users' | 'titles' | 'catalog' | 'counts' | 'histories'>,
  items: readonly number[],
  plane: ItemPlane | undefined,
  users: number,
): Overview {
  const { catalog, counts } = tables;
  const kinds = kindColumns(catalog, items).slice(0, COLUMNS);
  const numbers = numberColumns(catalog, items).slice(0, COLUMNS);
  const placeOf = placeReader(catalog);
  return {
    items: items.map((item, row) => {
      const kind = kinds.length > 0 ? catalog[kinds[0].name][item] : undefined;
      return {
        ...named(tables, item),
        count: counts[item],
        ...(typeof kind === 'string' && kind !== '' && { kind }),
        ...(plane && { x: rounded(plane.coordinates[2 * row]), y: rounded(plane.coordinates[2 * row + 1]) }),
        ...placeOf?.(item),
      };
    }),
    users: chosenUsers(tables, users).map((user) => {
      const history = tables.histories.row(user);
      return {
        id: tables.users.nameOf(user),
        items: history.length,
        latest: Array.from(history.subarray(-LATEST), (item) => named(tables, item)),
      };
    }),
    kinds,
    numbers,
    ...(plane && { shown: plane.shown }),
  };
}

function named({ items, titles }: Pick<ArtifactTables, 'items' | 'titles'>, item: number) {
  const title = titles?.[item];
  return { id: items.nameOf(item), ...(typeof title === 'string' && { title }) };
}

/** Four digits are more than a screen has pixels. */
const rounded = (value: number) => Number(value.toPrecision(4));

/** Users who had enough items to say something of them, spread over all. */
function chosenUsers({ histories }: Pick<ArtifactTables, 'histories'>, most: number): number[] {
  const fit: number[] = [];
  for (let user = 0; user < histories.rows; user++) {
    const { length } = histories.row(user);
    if (length >= FEWEST && length <= MOST) fit.push(user);
  }
  const step = Math.max(1, Math.floor(fit.length / most));
  return fit.filter((_, place) => place % step === 0).slice(0, most);
}
