import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { timeFormOf, unitOf, unitsOf } from '../src/profile/times.js';

const two = (value: number) => String(value).padStart(2, '0');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Writers of dates by the form that they should be told as. */
const WRITERS: Record<string, (date: Date) => string> = {
  iso: (d) => d.toISOString().slice(0, 19),
  '%Y-%m-%d %H:%M:%S UTC': (d) => `${d.toISOString().slice(0, 19).replace('T', ' ')} UTC`,
  '%d.%m.%Y %H:%M': (d) =>
    `${two(d.getUTCDate())}.${two(d.getUTCMonth() + 1)}.${d.getUTCFullYear()} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`,
  '%d-%b-%Y': (d) => `${two(d.getUTCDate())}-${MONTHS[d.getUTCMonth()]}-${d.getUTCFullYear()}`,
  '%Y%m%d': (d) => d.toISOString().slice(0, 10).replaceAll('-', ''),
  '%m/%d/%Y %H:%M': (d) =>
    `${d.getUTCMonth() + 1}/${d.getUTCDate()}/${d.getUTCFullYear()} ${d.getUTCHours()}:${two(d.getUTCMinutes())}`,
  '%d/%m/%Y': (d) => `${d.getUTCDate()}/${d.getUTCMonth() + 1}/${d.getUTCFullYear()}`,
};

/** Seconds from 1995 to 2030; the 25th of a month is among the dates, so that day and month are told apart. */
const dates = fc
  .array(fc.integer({ min: 788_918_400, max: 1_893_456_000 }), { minLength: 1, maxLength: 30 })
  .map((all) => [...all, 1_706_180_400].map((seconds) => new Date(seconds * 1000)));

describe('timeFormOf', () => {
  test.each(Object.keys(WRITERS))('tells %s from dates written so', (form) => {
    fc.assert(
      fc.property(dates, (all) => expect(timeFormOf(all.map(WRITERS[form]))).toEqual({ format: form })),
    );
  });

  test('says where day and month may be either, and nothing of what is no date', () => {
    expect(timeFormOf(['1/2/2024', '3/4/2024'])).toEqual({ format: '%d/%m/%Y', ambiguous: true });
    expect(timeFormOf(['13/13/2024', '14/14/2024'])).toBeUndefined();
    for (const values of [['1.2', '3.4'], ['12', '13'], ['a-b-c'], ['978-3', '999-1'], []])
      expect(timeFormOf(values)).toBeUndefined();
  });
});

describe('units', () => {
  test('a time has the unit that puts it between 1990 and 2100', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 631_152_000, max: 4_102_444_800 }),
        fc.constantFrom(
          ['seconds', 1] as const,
          ['milliseconds', 1e3] as const,
          ['microseconds', 1e6] as const,
        ),
        (seconds, [unit, factor]) => expect(unitOf(seconds * factor)).toBe(unit),
      ),
    );
  });

  test('shares of a column in two units', () => {
    expect(Object.fromEntries(unitsOf([1.6e9, 1.6e9, 1.6e12, 5]))).toEqual({
      seconds: 0.5,
      milliseconds: 0.25,
    });
  });
});
