import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { delimiterOf, DELIMITERS } from '../src/files/delimiters.js';
import { hasHeader } from '../src/files/header.js';
import { areSequences } from '../src/files/sequences.js';
import { layoutOf } from '../src/files/sniff.js';

/** A value that no separator is in, and one in quotes that may hold any. */
const plain = fc.stringMatching(/^[A-Za-z0-9]{1,8}$/);
const separators = DELIMITERS.filter((delimiter) => delimiter !== ' ');

describe('delimiterOf', () => {
  test('finds what a table was written with, also where quoted values hold it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...separators),
        fc.integer({ min: 2, max: 6 }).chain((width) =>
          fc.array(fc.array(fc.tuple(plain, fc.boolean()), { minLength: width, maxLength: width }), {
            minLength: 3,
            maxLength: 12,
          }),
        ),
        (delimiter, rows) => {
          const text = rows
            .map((row) =>
              row.map(([value, quoted]) => (quoted ? `"${value}${delimiter}""x"""` : value)).join(delimiter),
            )
            .join('\n');
          const found = delimiterOf(text)!;
          expect(found.delimiter).toBe(delimiter);
          expect(found.records).toEqual(
            rows.map((row) => row.map(([value, quoted]) => (quoted ? `${value}${delimiter}"x"` : value))),
          );
        },
      ),
    );
  });

  test('decimal commas between semicolons do not separate', () => {
    expect(delimiterOf('a;b;c\n1;2,5;x\n2;3,5;y\n3;4,5;z')!.delimiter).toBe(';');
    expect(delimiterOf('1;2,5\n2;3,5\n3;4,5')?.records[0]).toEqual(['1', '2,5']);
  });
});

describe('hasHeader', () => {
  const table = (text: string) => text.split('\n').map((line) => line.split(','));
  test.each([
    ['user,item,when\n1,2,3\n4,5,6', true],
    ['a,b\nx,1\ny,2', true],
    ['1,2,3\n4,5,6', false],
    ['ann,book,2024-01-01\nbo,pen,2024-01-02', false],
    ['ann,red\nbo,blue\nann,red\nbo,blue\ncy,blue', false],
    ['userId,color\nann,red\nbo,blue\nann,red\nbo,blue', true],
  ])('%j', (text, expected) => {
    expect(hasHeader(table(text))).toBe(expected);
  });

  test('names above numbers are always seen', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{2,8}$/), { minLength: 2, maxLength: 6 }),
        fc.array(fc.nat(), { minLength: 2, maxLength: 9 }),
        (names, numbers) => {
          const rows = numbers.map((value) => names.map((_, i) => String(value + i)));
          expect(hasHeader([names, ...rows])).toBe(true);
          expect(hasHeader(rows)).toBe(false);
        },
      ),
    );
  });
});

describe('areSequences', () => {
  test('lines of ids with different numbers of items are; sentences and tables are not', () => {
    expect(areSequences(['1 10 11', '2 11', '3 10 12 13', '4 9 8 7 6'])).toBe(true);
    expect(areSequences(['u1 i10 i11', 'u2 i11', 'u3 i10 i12 i13'])).toBe(true);
    expect(areSequences(['This is a text', 'of several lines', 'without any ids in it'])).toBe(false);
    expect(areSequences(['1 10 5', '1 11 4', '2 10 3', '2 12 3'])).toBe(false);
  });
});

describe('layoutOf', () => {
  test('says format, separator and names', () => {
    expect(layoutOf('x', '{"a":1}\n{"a":2}', 'utf-8', [])).toMatchObject({ format: 'jsonl' });
    expect(layoutOf('x', '1::2::3\n4::5::6', 'latin-1', [])).toEqual({
      ...{ format: 'csv', delimiter: '::', encoding: 'latin-1', header: false, oddities: [] },
      columnNames: ['column 1', 'column 2', 'column 3'],
    });
    expect(layoutOf('x', 'id,name,name\n1,a,b\n2,c,d', 'utf-8', [])).toMatchObject({
      header: true,
      columnNames: ['id', 'name', 'name 3'],
    });
  });

  test.each([
    ['[\n{"a":1}\n]', 'not an object on each line'],
    ['a,b\n1,2,3\n1\n4,5,6,7,8\n1,2,3,4,5,6,7', 'different numbers of values'],
  ])('refuses %j', (text, message) => {
    expect(() => layoutOf('x.json', text, 'utf-8', [])).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_FORMAT', message: expect.stringContaining(message) }),
    );
  });
});
