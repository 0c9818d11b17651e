import { numberOf } from '@towerkit/data';

import { TowerkitError } from './errors.js';

/**
 * A column as numbers, null where missing. A text that says a number is one; empty values, NaN, NA, N/A, null and the
 * like are missing.
 *
 * @param rowName what a row is called in an error
 * @throws TowerkitError `BAD_VALUE` naming the column and the row of what is no finite number, or none above -1 under
 *   `log1p`
 */
export function numericColumn(
  name: string,
  values: ArrayLike<unknown>,
  transform: 'none' | 'log1p',
  rowName: (row: number) => string,
): (number | null)[] {
  return Array.from(values, (value, row) => {
    const number = read(value);
    const usable = number === null || (number !== undefined && !(transform === 'log1p' && number <= -1));
    if (usable) return number;
    const what = typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value as number);
    const wanted = transform === 'log1p' ? 'a number above -1, as log1p takes' : 'a finite number';
    throw new TowerkitError('BAD_VALUE', `column "${name}", ${rowName(row)}: ${what} is not ${wanted}`, {
      hint: 'mend the value, or leave it empty where it is not known',
      details: { column: name, row },
    });
  });
}

function read(value: unknown): number | null | undefined {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (typeof value === 'string') return numberOf(value);
  return Number.isFinite(value) ? (value as number) : undefined;
}
