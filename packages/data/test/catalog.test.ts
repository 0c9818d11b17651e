import { describe, expect, test } from '@jest/globals';
import { Vocabulary } from '@towerkit/core';

import {
  encodeCategorical,
  encodeNumeric,
  fitCategorical,
  expectedNumber,
  fitNumeric,
  readCatalog,
  readTargets,
  writeParquet,
} from '../src/index.js';
import { temporaryFolder } from './files.js';

const folder = temporaryFolder();
const csv = `asin,name,cost,stars,kind,shelf
0012,"Hat, ""red""",9.5,4,wool,07
0012b,1984,,3.5,,08
x,,100,5,silk,09
`;
const columns = { id: 'asin', title: 'name', price: 'cost', stars: 'stars', problem: 'kind', shelf: 'shelf' };

describe('readCatalog', () => {
  test('types columns by all their values, ids and titles stay text', async () => {
    const path = await folder.write('items.csv', csv);
    const { items, table, skipped } = await readCatalog({ path, columns, types: { shelf: 'text' } });
    expect(items.names).toEqual(['0012', '0012b', 'x']);
    expect(table.columnNames()).toEqual(['id', 'title', 'price', 'stars', 'problem', 'shelf']);
    expect(table.array('title')).toEqual(['Hat, "red"', '1984', null]);
    expect([...table.array('price')]).toEqual([9.5, NaN, 100]);
    expect(table.column('stars')).toBeInstanceOf(Float64Array);
    expect(table.array('problem')).toEqual(['wool', null, 'silk']);
    expect(table.array('shelf')).toEqual(['07', '08', '09']);
    expect(skipped).toBe(0);
  });

  test('reads JSON lines and Parquet', async () => {
    const json = await folder.write('items.jsonl', '{"asin":"a","cost":3,"tags":["x","y"]}\n{"asin":"b"}\n');
    const catalog = await readCatalog({ path: json, columns: { id: 'asin', price: 'cost', tags: 'tags' } });
    expect([...catalog.table.array('price')]).toEqual([3, NaN]);
    expect(catalog.table.array('tags')).toEqual(['["x","y"]', null]);
    const parquet = folder.path('items.parquet');
    await writeParquet(parquet, {
      asin: { type: 'VARCHAR', values: ['a', 'b'] },
      cost: { type: 'DOUBLE', values: [0.1, null] },
    });
    const other = await readCatalog({ path: parquet, columns: { id: 'asin', price: 'cost' } });
    expect([...other.table.array('price')]).toEqual([0.1, NaN]);
  });

  test('takes columns out of the texts of others', async () => {
    const path = await folder.write(
      'movies.csv',
      'id,title,label\n1,"Heat (1995)",A-07\n2,1984 (1984) ,B-10\n3,Untitled,\n4,,C\n',
    );
    const read = {
      path,
      columns: { id: 'id', title: 'title', label: 'label' },
      types: { row: 'text' },
      extract: {
        year: { from: 'title', pattern: '\\((\\d{4})\\)\\s*$' },
        shelf: { from: 'label', pattern: '^(\\w)' },
        row: { from: 'label', pattern: '-(.*)' },
      },
    } as const;
    const { table } = await readCatalog(read);
    expect([...table.array('year')]).toEqual([1995, 1984, NaN, NaN]);
    expect(table.array('shelf')).toEqual(['A', 'B', null, 'C']);
    expect(table.array('row')).toEqual(['07', '10', null, null]);
    const refused = (name: string, from: string, pattern: string) =>
      expect(readCatalog({ ...read, extract: { [name]: { from, pattern } } })).rejects.toMatchObject({
        code: 'BAD_OPTION',
      });
    await refused('year', 'name', '(1)');
    await refused('title', 'label', '(1)');
    await refused('year', 'title', '[0-9]+');
    await refused('year', 'title', '(a)(b)');
    await refused('year', 'title', '(');
  });

  test('refuses repeated and empty ids, and words among numbers', async () => {
    const twice = await folder.write('twice.csv', 'asin,cost\na,1\nb,2\na,3\n');
    const read = { path: twice, columns: { id: 'asin', price: 'cost' } };
    await expect(readCatalog(read)).rejects.toMatchObject({ code: 'DUPLICATE_ID' });
    const kept = await readCatalog({ ...read, onBadRow: 'skip' });
    expect([...kept.table.array('price')]).toEqual([1, 2]);
    expect(kept.skipped).toBe(1);
    const empty = await folder.write('empty-id.csv', 'asin,cost\na,1\n,2\n');
    await expect(readCatalog({ ...read, path: empty })).rejects.toMatchObject({
      code: 'BAD_ROW',
      message: 'empty-id.csv, line 3: column "asin": is empty',
    });
    const word = await folder.write('word.csv', 'asin,cost\na,1\nb,\nc,free\n');
    expect((await readCatalog({ ...read, path: word })).table.array('price')).toEqual(['1', null, 'free']);
    await expect(readCatalog({ ...read, path: word, types: { price: 'number' } })).rejects.toMatchObject({
      code: 'BAD_ROW',
      message: 'word.csv, line 4: column "cost": "free" is not a number',
    });
    await expect(readCatalog({ ...read, columns: { id: 'id' } })).rejects.toMatchObject({
      code: 'MISSING_COLUMN',
    });
    const none = await folder.write('none.csv', 'asin,cost\n');
    await expect(readCatalog({ ...read, path: none })).rejects.toMatchObject({ code: 'EMPTY_DATA' });
  });
});

describe('features', () => {
  test('categories: by count, then name; rare, missing and new share code 0', () => {
    const values = ['b', 'a', null, 'b', '', 'c', 'a', 'd', undefined, 7, NaN, 7];
    const encoding = fitCategorical(values, { minCount: 2 });
    expect(encoding.names).toEqual(['<unknown>', '7', 'a', 'b']);
    const saved = JSON.parse(JSON.stringify(encoding));
    expect([...encodeCategorical([...values, 'new', '<unknown>'], saved)]).toEqual([
      3, 2, 0, 3, 0, 0, 2, 0, 0, 1, 0, 1, 0, 0,
    ]);
    expect(fitCategorical(values, { rows: [0, 5] }).names).toEqual(['<unknown>', 'b', 'c']);
    expect(() => fitCategorical(values, { minCount: 0 })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION' }),
    );
  });

  test('numbers: standardized over the rows given', () => {
    const values = Float64Array.of(1, NaN, 3, 100);
    const encoding = fitNumeric(values, { rows: [0, 1, 2] });
    expect(encoding).toEqual({ kind: 'numeric', transform: 'none', mean: 2, deviation: 1 });
    const encoded = encodeNumeric(values, JSON.parse(JSON.stringify(encoding)));
    expect([...encoded.values]).toEqual([-1, 0, 1, 98]);
    expect([...encoded.missing]).toEqual([0, 1, 0, 0]);
    const { mean, deviation } = fitNumeric([0, Math.E - 1, null], { transform: 'log1p' });
    expect([mean, deviation]).toEqual([0.5, 0.5]);
    expect(fitNumeric([5, 5])).toMatchObject({ mean: 5, deviation: 1 });
    expect(fitNumeric([null])).toMatchObject({ mean: 0, deviation: 1 });
    expect([...encodeNumeric([2, 4], fitNumeric([2, 4], { scale: 'none' })).values]).toEqual([2, 4]);
  });

  test('numbers that cannot be are refused', () => {
    for (const values of [['3'], [Infinity], [-1e300], [true], [[1]], [3n]])
      expect(() => fitNumeric(values)).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }));
    const log1p = fitNumeric([1, 2], { transform: 'log1p' });
    for (const value of [-1, -5]) {
      const refused = expect.objectContaining({ code: 'BAD_VALUE' });
      expect(() => fitNumeric([value], { transform: 'log1p' })).toThrow(refused);
      expect(() => encodeNumeric([value], log1p)).toThrow(refused);
      expect(expectedNumber(value, 'log1p')).toBe('a finite number above -1');
    }
    // Finite, and not of 32 bits once it is divided by a small deviation.
    expect(() => encodeNumeric([1e38], fitNumeric([0, 1e-6]))).toThrow('row 0: 1e+38 is too far');
    for (const value of [null, undefined, NaN, -0.99, 0, 3.4e38])
      expect(expectedNumber(value, 'log1p')).toBeUndefined();
  });
});

describe('readTargets', () => {
  const users = new Vocabulary(['a', '01']);
  const items = new Vocabulary(['x', 'y']);

  test('maps names to ids and counts those unknown', async () => {
    const path = await folder.write('targets.csv.gz', 'item_id,user_id\ny,01\nz,a\nx,1\nw,b\n');
    const targets = await readTargets({ path, columns: { user: 'user_id', item: 'item_id' }, users, items });
    expect(targets).toEqual({
      user: Int32Array.of(1, 0, -1, -1),
      item: Int32Array.of(1, -1, 0, -1),
      unknownUsers: 2,
      unknownItems: 2,
      unknown: { users: new Vocabulary(['1', 'b']), items: new Vocabulary(['z', 'w']) },
      unknownItem: Int32Array.of(-1, 0, -1, 1),
      skipped: 0,
    });
  });

  test.each([
    ['rated.csv', 'item,user,stars\ny,01,4\nz,a,2.5\n'],
    ['rated.tsv', 'item\tuser\tstars\ny\t01\t4\nz\ta\t2.5\n'],
    ['rated.jsonl', '{"item":"y","user":"01","stars":4}\n{"item":"z","user":"a","stars":2.5}\n'],
  ])('reads ratings where they are asked for: %s', async (name, text) => {
    const path = await folder.write(name, text);
    const columns = { user: 'user', item: 'item', rating: 'stars' };
    const { user, item, rating } = await readTargets({ path, columns, users, items });
    expect([user, item, rating]).toEqual([
      Int32Array.of(1, 0),
      Int32Array.of(1, -1),
      Float32Array.of(4, 2.5),
    ]);
    const missing = { ...columns, rating: 'points' };
    await expect(readTargets({ path, columns: missing, users, items })).rejects.toMatchObject({
      code: 'MISSING_COLUMN',
      details: { column: 'points', found: expect.arrayContaining(['item', 'user', 'stars']) },
    });
  });

  test('names a bad row', async () => {
    const path = await folder.write('bad-targets.csv', 'user,item\na,x\na\n');
    const options = { path, columns: { user: 'user', item: 'item' }, users, items };
    await expect(readTargets(options)).rejects.toMatchObject({ code: 'BAD_ROW' });
    expect((await readTargets({ ...options, onBadRow: 'skip' })).skipped).toBe(1);
    await expect(readTargets({ ...options, columns: { user: 'user', item: 'it' } })).rejects.toMatchObject({
      code: 'MISSING_COLUMN',
    });
  });
});
