import { Vocabulary } from '@towerkit/core';
import { table } from 'arquero';

import { TowerkitError } from './errors.js';
import { isId, LONGEST_ID } from './id.js';
import type { Catalog } from './read-catalog.js';
import { shown } from './shown.js';

/** What is known of one item: its id, and columns by name. What is missing is null, undefined or left out. */
export interface CatalogRow {
  readonly id: string;
  readonly title?: string | null;
  readonly [column: string]: string | number | null | undefined;
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
  types: Readonly<Record<string, 'text' | 'number'>> = {},
): Catalog {
  if (rows.length === 0) throw new TowerkitError('EMPTY_DATA', 'the catalog has no row');
  rows.forEach((row, place) => {
    if (typeof row !== 'object' || row === null) throw bad(place, 'it', row, 'give an object with an id');
    if (!isId(row.id)) throw bad(place, 'id', row.id, `give a string of 1 to ${LONGEST_ID} characters`);
  });
  const names = new Set(['id', ...rows.flatMap((row) => Object.keys(row))]);
  const columns: Record<string, unknown> = {};
  for (const name of names) {
    const values = rows.map((row, place) => valueOf(row[name], place, name, types[name]));
    const isNumber =
      name !== 'id' &&
      name !== 'title' &&
      types[name] !== 'text' &&
      values.every((value) => typeof value !== 'string');
    columns[name] = isNumber
      ? Float64Array.from(values, (value) => (typeof value === 'number' ? value : NaN))
      : values.map((value) => (value === null || Number.isNaN(value) ? null : String(value)));
  }
  return { items: new Vocabulary(rows.map(({ id }) => id)), table: table(columns), skipped: 0 };
}

function valueOf(
  value: unknown,
  row: number,
  name: string,
  type: 'text' | 'number' | undefined,
): string | number | null {
  if (value === null || value === undefined) return null;
  const fits =
    typeof value === 'number' ? Math.abs(value) !== Infinity : typeof value === 'string' && type !== 'number';
  if (!fits) throw bad(row, name, value, `give ${type === 'number' ? '' : 'a string or '}a finite number`);
  return value as string | number;
}

const bad = (row: number, name: string, value: unknown, hint: string) =>
  new TowerkitError('BAD_VALUE', `row ${row} of the catalog: ${name} cannot be ${shown(value)}`, {
    hint,
    details: { row, name },
  });
