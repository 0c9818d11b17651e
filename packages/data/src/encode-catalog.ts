import { Vocabulary } from '@towerkit/core';
import { table } from 'arquero';

import { TowerkitError } from './errors.js';
import type { FeatureKind } from './column-types.js';
import { isId, LONGEST_ID } from './id.js';
import { dateOf, DATES } from './iso-time.js';
import type { Catalog } from './read-catalog.js';
import type { EntityTable } from './read-entities.js';
import type { UserTable } from './read-users.js';
import { shown } from './shown.js';

/** What is known of one item or user: its id, and columns by name. What is missing is null, undefined or left out. */
export interface EntityRow {
  readonly id: string;
  readonly [column: string]: string | number | null | undefined;
}

/** What is known of one item. */
export interface CatalogRow extends EntityRow {
  readonly title?: string | null;
}

/**
 * Makes a catalog of rows in memory. A column is a number where every value that is there is one, else text.
 *
 * @param types what columns hold, by name: `text` keeps numbers as their text, as categories want
 * @throws TowerkitError `EMPTY_DATA` for no rows; `BAD_VALUE` naming the row of an id that is no string or empty, of a
 *   number that is infinite, of what is neither text nor number; `DUPLICATE_ID`
 *
 * @example
 * ```ts
 * const { items, table } = encodeCatalog([{ id: 'mug', title: 'Mug', price: 9.5 }, { id: 'pot', price: 20 }]);
 * table.get('price', items.indexOf('pot')!); // 20
 * ```
 */
export function encodeCatalog(
  rows: readonly CatalogRow[],
  types: Readonly<Record<string, FeatureKind>> = {},
): Catalog {
  const { names, ...rest } = encodeRows('the catalog', rows, types);
  return { items: new Vocabulary(names), ...rest };
}

/**
 * Makes a table of users of rows in memory, as {@link encodeCatalog} makes a catalog.
 *
 * @throws TowerkitError as {@link encodeCatalog}
 */
export function encodeUsers(
  rows: readonly EntityRow[],
  types: Readonly<Record<string, FeatureKind>> = {},
): UserTable {
  const { names, ...rest } = encodeRows('the table of users', rows, types);
  return { users: new Vocabulary(names), ...rest };
}

function encodeRows(
  what: string,
  rows: readonly EntityRow[],
  types: Readonly<Record<string, FeatureKind>>,
): EntityTable {
  const bad = (row: number, name: string, value: unknown, hint: string) =>
    new TowerkitError('BAD_VALUE', `row ${row} of ${what}: ${name} cannot be ${shown(value)}`, {
      hint,
      details: { row, name },
    });
  if (rows.length === 0) throw new TowerkitError('EMPTY_DATA', `${what} has no row`);
  rows.forEach((row, place) => {
    if (typeof row !== 'object' || row === null) throw bad(place, 'it', row, 'give an object with an id');
    if (!isId(row.id)) throw bad(place, 'id', row.id, `give a string of 1 to ${LONGEST_ID} characters`);
  });
  const names = new Set(['id', ...rows.flatMap((row) => Object.keys(row))]);
  const columns: Record<string, unknown> = {};
  for (const name of names) {
    const type = types[name];
    const values = rows.map((row, place) => {
      const value = valueOf(row[name], type);
      if (value === undefined) throw bad(place, name, row[name], ADVICE[type ?? 'text']);
      return value;
    });
    const isNumber =
      name !== 'id' &&
      name !== 'title' &&
      type !== 'text' &&
      values.every((value) => typeof value !== 'string');
    columns[name] = isNumber
      ? Float64Array.from(values, (value) => (typeof value === 'number' ? value : NaN))
      : values.map((value) => (value === null || Number.isNaN(value) ? null : String(value)));
  }
  return { names: rows.map(({ id }) => id), table: table(columns), skipped: 0 };
}

const ADVICE: Readonly<Record<FeatureKind, string>> = {
  text: 'give a string or a finite number',
  number: 'give a finite number',
  date: DATES,
};

/** A value as the column keeps it; `undefined` for one that it cannot hold. */
function valueOf(value: unknown, type: FeatureKind | undefined): string | number | null | undefined {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Math.abs(value) === Infinity ? undefined : value;
  if (typeof value !== 'string' || type === 'number') return undefined;
  return type === 'date' ? dateOf(value) : value;
}
