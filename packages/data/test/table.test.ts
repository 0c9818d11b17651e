import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

import { describe, expect, test } from '@jest/globals';

import { readTable, writeParquet, writeTable, type ColumnType, type ColumnValues } from '../src/index.js';
import { temporaryFolder } from './files.js';

const folder = temporaryFolder();
const leftovers = async () => (await readdir(folder.path())).filter((name) => name.endsWith('.tmp'));
const strings = [
  'plain',
  'a "quote", a comma',
  'two\nlines\r\n',
  'Zürich 東京 🎸',
  '',
  null,
  "'; DROP",
  ' x ',
  '0012',
];

describe('Parquet', () => {
  test('round-trips every type, with nulls', async () => {
    const path = folder.path(`it's [all].parquet`);
    const columns: Record<string, { type: ColumnType; values: ColumnValues }> = {
      'a "name"; x': { type: 'VARCHAR', values: strings },
      whole: { type: 'INTEGER', values: Int32Array.from(strings, (_, k) => k - 4) },
      single: { type: 'FLOAT', values: Float32Array.from(strings, (_, k) => k / 3) },
      double: { type: 'DOUBLE', values: Float64Array.from(strings, (_, k) => k / 7) },
      gaps: { type: 'INTEGER', values: strings.map((_, k) => (k % 2 ? null : k)) },
      flags: { type: 'BOOLEAN', values: strings.map((_, k) => k % 2 === 0) },
      history: {
        type: 'INTEGER[]',
        values: strings.map((_, k) => Int32Array.from({ length: k }, (_, i) => i * k)),
      },
      maybe: { type: 'INTEGER[]', values: strings.map((_, k) => (k === 3 ? null : Int32Array.of(k))) },
      words: { type: 'VARCHAR[]', values: strings.map((_, k) => (k === 1 ? [] : ['a', `"${k}"\n`])) },
    };
    expect(await writeParquet(path, columns)).toBe(strings.length);
    const table = await readTable(path);
    expect(table.rows).toBe(strings.length);
    expect(table.types).toEqual(
      Object.fromEntries(Object.entries(columns).map(([name, { type }]) => [name, type])),
    );
    for (const [name, { values }] of Object.entries(columns)) expect(table.columns[name]).toEqual(values);
    expect(Object.keys((await readTable(path, { columns: ['words', 'whole'] })).columns)).toEqual([
      'words',
      'whole',
    ]);
    await expect(readTable(path, { columns: ['none'] })).rejects.toMatchObject({ code: 'MISSING_COLUMN' });
  });

  test('many rows across chunks and batches keep their order, under a small memory limit', async () => {
    const path = folder.path('many.parquet');
    async function* batches() {
      for (let from = 0; from < 100_000; from += 7000) {
        const n = Math.min(7000, 100_000 - from);
        yield {
          id: Int32Array.from({ length: n }, (_, k) => from + k),
          name: Array.from({ length: n }, (_, k) => `item number ${from + k}`),
        };
      }
    }
    expect(
      await writeTable(path, { id: 'INTEGER', name: 'VARCHAR' }, batches(), { memoryLimit: '64MB' }),
    ).toBe(100_000);
    const { columns } = await readTable(path);
    expect(columns.id).toEqual(Int32Array.from({ length: 100_000 }, (_, k) => k));
    expect(columns.name[99_999]).toBe('item number 99999');
  });

  test('an empty table keeps its columns', async () => {
    const path = folder.path('empty.parquet');
    await writeTable(path, { a: 'INTEGER', b: 'VARCHAR' }, []);
    expect(await readTable(path)).toEqual({
      rows: 0,
      types: { a: 'INTEGER', b: 'VARCHAR' },
      columns: { a: new Int32Array(0), b: [] },
    });
  });
});

describe('delimited text', () => {
  test.each(['t.csv', 't.csv.gz', 't.tsv'])('%s round-trips strings', async (name) => {
    const path = folder.path(name);
    const rank = Int32Array.from(strings.keys());
    await writeTable(path, { 'na,me': 'VARCHAR', rank: 'INTEGER' }, [{ 'na,me': strings, rank }]);
    const { columns } = await readTable(path);
    expect(columns['na,me']).toEqual(strings);
    expect(columns.rank).toEqual(Array.from(rank, String));
    if (name.endsWith('.gz'))
      expect(gunzipSync(await readFile(path)).toString()).toMatch(/^"na,me",rank\nplain,0\n/);
  });

  test('a broken file is an error', async () => {
    const path = await folder.write('broken.csv', 'a,b\n1\n');
    await expect(readTable(path)).rejects.toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringContaining('line 2: expected 2 columns, found 1'),
    });
  });
});

describe('refusals leave nothing behind', () => {
  const schema = { a: 'INTEGER', b: 'VARCHAR' } as const;

  test.each([
    ['SHAPE_MISMATCH', { a: [1, 2], b: ['x'] }],
    ['SHAPE_MISMATCH', { a: [1] }],
    ['BAD_VALUE', { a: [1.5], b: ['x'] }],
    ['BAD_VALUE', { a: ['1'], b: ['x'] }],
    ['BAD_VALUE', { a: [1], b: [2] }],
  ])('%s', async (code, batch) => {
    const path = await folder.write('kept.csv', 'old');
    await expect(writeTable(path, schema, [batch as never])).rejects.toMatchObject({ code });
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await leftovers()).toEqual([]);
  });

  test('formats, types, places, and errors of the caller', async () => {
    await expect(writeTable(folder.path('t.xlsx'), schema, [])).rejects.toMatchObject({
      code: 'UNKNOWN_FORMAT',
    });
    await expect(writeParquet(folder.path('new.csv'), {})).rejects.toMatchObject({ code: 'UNKNOWN_FORMAT' });
    await expect(writeTable(folder.path('new.csv'), {}, [])).rejects.toMatchObject({ code: 'BAD_OPTION' });
    await expect(
      writeTable(folder.path('new.csv'), { a: 'INTEGER); DROP' as never }, []),
    ).rejects.toMatchObject({ code: 'BAD_OPTION' });
    await expect(writeTable(folder.path('no/such/t.csv'), schema, [])).rejects.toMatchObject({
      code: 'UNWRITABLE',
    });
    await mkdir(folder.path('taken.csv'));
    await expect(writeTable(folder.path('taken.csv'), schema, [])).rejects.toMatchObject({
      code: 'UNWRITABLE',
    });
    async function* failing() {
      yield { a: [1], b: ['x'] };
      throw new Error('mine');
    }
    await expect(writeTable(folder.path('new.csv'), schema, failing())).rejects.toThrow('mine');
    expect(await leftovers()).toEqual([]);
    expect(await readdir(folder.path())).not.toContain('new.csv');
  });

  test('a file that is no table', async () => {
    const path = folder.path('cut.parquet');
    await writeTable(path, schema, [{ a: [1], b: ['x'] }]);
    await writeFile(path, (await readFile(path)).subarray(0, 100));
    await expect(readTable(path)).rejects.toMatchObject({ code: 'BAD_FILE' });
    await expect(readTable(folder.path('gone.parquet'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});
