import { dateOf, expectedNumber, numberOf } from '@towerkit/data';

import type { NumberEncoding } from './encodings.js';
import { TowerkitError } from './errors.js';

/** How a column of numbers is read. */
export type NumberReading = Partial<Pick<NumberEncoding, 'transform' | 'date'>>;

/**
 * A column as numbers, null where missing. A text that says a number is one, and a date where dates are read; empty values,
 * NaN, NA, N/A, null and the like are missing.
 *
 * @param values shape [rows]
 * @param rowName what a row is called in an error
 * @throws TowerkitError `BAD_VALUE` naming the column and the row of what {@link expectedNumber} does not take, nor a date
 *   where dates are read
 */
export function numericColumn(
  name: string,
  values: ArrayLike<unknown>,
  { transform, date }: NumberReading,
  rowName: (row: number) => string,
): (number | null)[] {
  return Array.from(values, (value, row) => {
    const number = read(value, date);
    const expected = expectedNumber(number, transform ?? 'none');
    if (expected === undefined) return number as number | null;
    const what = typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value as number);
    const wanted = date ? 'a date' : expected;
    throw new TowerkitError('BAD_VALUE', `column "${name}", ${rowName(row)}: ${what} is not ${wanted}`, {
      hint: 'mend the value, or leave it empty where it is not known',
      details: { column: name, row },
    });
  });
}

/** The number that a value is or says, null where it is missing, the value itself where it is none. */
function read(value: unknown, date: boolean | undefined): unknown {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (typeof value !== 'string') return value;
  const said = numberOf(value);
  return said === undefined ? ((date && dateOf(value)) ?? value) : said;
}
