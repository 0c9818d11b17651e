import { expectedNumber, numberOf } from '@towerkit/data';

import { TowerkitError } from './errors.js';

/**
 * A column as numbers, null where missing. A text that says a number is one; empty values, NaN, NA, N/A, null and the
 * like are missing.
 *
 * @param values shape [rows]
 * @param rowName what a row is called in an error
 * @throws TowerkitError `BAD_VALUE` naming the column and the row of what {@link expectedNumber} does not take
 */
export function numericColumn(
  name: string,
  values: ArrayLike<unknown>,
  transform: 'none' | 'log1p',
  rowName: (row: number) => string,
): (number | null)[] {
  return Array.from(values, (value, row) => {
    const number = read(value);
    const expected = expectedNumber(number, transform);
    if (expected === undefined) return number as number | null;
    const what = typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value as number);
    throw new TowerkitError('BAD_VALUE', `column "${name}", ${rowName(row)}: ${what} is not ${expected}`, {
      hint: 'mend the value, or leave it empty where it is not known',
      details: { column: name, row },
    });
  });
}

/** The number that a value is or says, null where it is missing, the value itself where it is none. */
function read(value: unknown): unknown {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (typeof value !== 'string') return value;
  const said = numberOf(value);
  return said === undefined ? value : said;
}
