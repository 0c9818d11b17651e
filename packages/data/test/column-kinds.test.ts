import { describe, expect, test } from '@jest/globals';

import { encodeCatalog, fitCategorical, numberOf, readCatalog, unseenCategories } from '../src/index.js';
import { temporaryFolder } from './files.js';

const folder = temporaryFolder();

/** A catalog of one column, read from csv. */
async function column(values: readonly string[], type?: 'text' | 'number'): Promise<unknown[]> {
  const path = await folder.write(
    'kinds.csv',
    `id,x\n${values.map((value, i) => `i${i},${value}`).join('\n')}\n`,
  );
  const types = type && { x: type };
  const { table } = await readCatalog({ path, columns: { id: 'id', x: 'x' }, types });
  return Array.from(table.array('x') as ArrayLike<unknown>);
}

describe('a column of a catalog', () => {
  test.each([
    ['zeros in front', ['01', '02']],
    ['a point', ['1.0', '2.0']],
    ['19 digits', ['1234567890123456780', '1234567890123456781']],
    ['16 digits', ['9007199254740993', '1']],
    ['exponents', ['1e5', '2e5']],
    ['zeros behind', ['9.50', '8.25']],
    ['small numbers', ['0.0000001', '1']],
    ['a sign', ['+1', '2']],
    ['minus zero', ['-0', '1']],
    ['truth', ['true', 'false']],
    ['dates', ['2024-03-01', '2024-03-02']],
    ['blanks around', [' 1', '2 ']],
    ['a word', ['1', 'NaN']],
  ])('with %s stays text without being asked', async (_, values) => {
    expect(await column(values)).toEqual(values);
  });

  test('is a number where no value is lost, and text where text is asked for', async () => {
    const values = ['0', '-1', '9.5', '0.000001', '123456789012345', ''];
    expect(await column(values)).toEqual([0, -1, 9.5, 0.000001, 123456789012345, NaN]);
    expect(await column(values, 'text')).toEqual([...values.slice(0, -1), null]);
  });

  test('that must be numbers takes words for missing values, and names file, line and column of others', async () => {
    const values = ['9.50', 'NaN', 'NA', 'n/a', '#N/A', 'null', 'None', '-', ' ', '007', '1e2'];
    expect(await column(values, 'number')).toEqual([9.5, ...new Array<number>(8).fill(NaN), 7, 100]);
    for (const value of ['Infinity', '-inf', '1e999', 'free', '12 EUR', '1,5'])
      await expect(column(['1', `"${value}"`], 'number')).rejects.toMatchObject({
        code: 'BAD_ROW',
        message: `kinds.csv, line 3: column "x": "${value}" is not a number`,
      });
  });

  test('of JSON lines keeps the text of the line', async () => {
    const values = ['1.50', '1.5', '1e5', '-0', '12345678901234567890123', 'true', '"01"', '"x"'];
    const lines = values.map((value, i) => `{"other":{"x":7.5},"id":"i${i}","x" : ${value}}`);
    const path = await folder.write('kinds.jsonl', lines.join('\n'));
    const { table } = await readCatalog({ path, columns: { id: 'id', x: 'x' } });
    expect(table.array('x')).toEqual([
      '1.50',
      '1.5',
      '1e5',
      '-0',
      '12345678901234567890123',
      'true',
      '01',
      'x',
    ]);
    // Numbers of a column that nobody names are numbers, as the file says, while doubles hold them.
    const prices = await folder.write(
      'prices.jsonl',
      '{"id":"a","x":10.0,"y":"10"}\n{"id":"b","x":null,"y":null}\n',
    );
    const read = await readCatalog({ path: prices, columns: { id: 'id', x: 'x', y: 'y' } });
    expect([read.table.array('x'), read.table.array('y')]).toEqual([
      [10, NaN],
      ['10', null],
    ]);
    const asked = await readCatalog({ path: prices, columns: { id: 'id', x: 'x' }, types: { x: 'text' } });
    expect(asked.table.array('x')).toEqual(['10.0', null]);
  });

  test('in memory is text where text is asked for', () => {
    const rows = [
      { id: 'a', code: 1, price: NaN },
      { id: 'b', code: 20 },
    ];
    expect(encodeCatalog(rows).table.array('code')).toEqual([1, 20]);
    const { table } = encodeCatalog(rows, { code: 'text' });
    expect([table.array('code'), table.array('price')]).toEqual([
      ['1', '20'],
      [NaN, NaN],
    ]);
  });
});

test('values that an encoding never saw are counted', () => {
  const encoding = fitCategorical(['a', 'a', 'b'], { minCount: 2 });
  expect(unseenCategories(['a', 'b', 'c', 'c', null, ''], encoding)).toEqual(
    new Map([
      ['b', 1],
      ['c', 2],
    ]),
  );
});

test('numbers in text', () => {
  expect(['1', ' -2.5e3 ', '.5', '', 'nan', '-'].map(numberOf)).toEqual([1, -2500, 0.5, null, null, null]);
  expect(['0x10', '1_000', '1e999', 'Infinity', 'x'].map(numberOf)).toEqual(new Array(5).fill(undefined));
});
