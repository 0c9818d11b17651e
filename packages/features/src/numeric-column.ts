import { dateOf, numberOf } from '@towerkit/data';

import type { NumberEncoding } from './encodings.js';
import { TowerkitError } from './errors.js';

/** How a column of numbers is read. */
export type NumberReading = Partial<Pick<NumberEncoding, 'transform' | 'date'>>;

/**
 * A column as numbers, null where missing. A text that says a number is one, and a date where dates are read; empty values,
 * NaN, NA, N/A, null and the like are missing.
 *
 * @param rowName what a row is called in an error
 * @throws TowerkitError `BAD_VALUE` naming the column and the row of what is no finite number (nor a date, where dates
 *   are read), or none above -1 under `log1p`
 */
export function numericColumn(
  name: string,
  values: ArrayLike<unknown>,
  { transform, date }: NumberReading,
  rowName: (row: number) => string,
): (number | null)[] {
  return Array.from(values, (value, row) => {
    const number = read(value, date);
    const usable = number === null || (number !== undefined && !(transform === 'log1p' && number <= -1));
    if (usable) return number;
    const what = typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value as number);
    const wanted =
      transform === 'log1p' ? 'a number above -1, as log1p takes' : date ? 'a date' : 'a finite number';
    throw new TowerkitError('BAD_VALUE', `column "${name}", ${rowName(row)}: ${what} is not ${wanted}`, {
      hint: 'mend the value, or leave it empty where it is not known',
      details: { column: name, row },
    });
  });
}

function read(value: unknown, date: boolean | undefined): number | null | undefined {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (typeof value === 'string') {
    const number = numberOf(value);
    return number === undefined && date ? dateOf(value) : number;
  }
  return Number.isFinite(value) ? (value as number) : undefined;
}
