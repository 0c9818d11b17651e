import { Vocabulary } from '@towerkit/core';
import { table } from 'arquero';

import { TowerkitError } from './errors.js';
import type { Catalog } from './read-catalog.js';

/** What is known of one item: its id, and columns by name. What is missing is null, undefined or left out. */
export interface CatalogRow {
  readonly id: string;
  readonly title?: string | null;
  readonly [column: string]: string | number | null | undefined;
}

/**
 * Makes a catalog of rows in memory. A column is a number where every value that is there is one, else text.
 *
 * @throws TowerkitError `EMPTY_DATA` for no rows; `BAD_VALUE` for an id that is not a string or empty; `DUPLICATE_ID`
 *
 * @example
 * ```ts
 * const { items, table } = encodeCatalog([{ id: 'mug', title: 'Mug', price: 9.5 }, { id: 'pot', price: 20 }]);
 * table.get('price', items.indexOf('pot')!); // 20
 * ```
 */
export function encodeCatalog(rows: readonly CatalogRow[]): Catalog {
  if (rows.length === 0) throw new TowerkitError('EMPTY_DATA', 'the catalog has no row');
  rows.forEach(({ id }, row) => {
    if (typeof id !== 'string' || id === '')
      throw new TowerkitError('BAD_VALUE', `row ${row} of the catalog: id cannot be ${String(id)}`, {
        hint: 'give each item a string that is not empty',
        details: { row, name: 'id' },
      });
  });
  const names = new Set(['id', ...rows.flatMap((row) => Object.keys(row))]);
  const columns: Record<string, unknown> = {};
  for (const name of names) {
    const values = rows.map((row) => row[name] ?? null);
    const isNumber = name !== 'id' && name !== 'title' && values.every((value) => typeof value !== 'string');
    columns[name] = isNumber
      ? Float64Array.from(values, (value) => (typeof value === 'number' ? value : NaN))
      : values.map((value) => (value === null ? null : String(value)));
  }
  return { items: new Vocabulary(rows.map(({ id }) => id)), table: table(columns), skipped: 0 };
}
