import { readFile, writeFile } from 'node:fs/promises';

import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from '@jest/globals';
import { isTowerkitError, Rng } from '@towerkit/core';

import { readCatalog, readInteractions, readTable, writeParquet } from '../src/index.js';
import { temporaryFolder } from './files.js';

const folder = temporaryFolder();
const columns = { user: 'user', item: 'item' };

async function copy(select: string, name: string, options = ''): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const path = folder.path(name);
  await connection.run(`COPY (${select}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet${options})`);
  connection.closeSync();
  instance.closeSync();
  return path;
}

describe('Parquet', () => {
  test('a file that claims more rows than its bytes can hold is refused before it is read', async () => {
    const path = await copy(
      `SELECT 'u' AS "user", 'i' AS item FROM range(5000000)`,
      'many.parquet',
      ', ROW_GROUP_SIZE 5000000',
    );
    const refused = {
      code: 'TOO_LARGE',
      message: expect.stringMatching(/^many\.parquet claims 5000000 rows in \d+ bytes$/),
    };
    await expect(readInteractions({ path, columns })).rejects.toMatchObject(refused);
    await expect(readCatalog({ path, columns: { id: 'item' } })).rejects.toMatchObject(refused);
    await expect(readTable(path)).rejects.toMatchObject(refused);
  });

  test('names that differ in case alone are refused: DuckDB takes them for one', async () => {
    const path = await copy(`SELECT 'a' AS "user", 'x' AS item, {'item': 1} AS more`, 'nested.parquet');
    expect((await readInteractions({ path, columns })).items.names).toEqual(['x']);
    // The writer refuses such names as well: they are made in the bytes, which hold them without a checksum.
    const bytes = await readFile(
      await copy(`SELECT 'a' AS "user", 'x' AS item, 'y' AS itex`, 'case.parquet'),
    );
    for (let at = bytes.indexOf('itex'); at >= 0; at = bytes.indexOf('itex')) bytes.write('iTem', at);
    await writeFile(folder.path('case.parquet'), bytes);
    await expect(readInteractions({ path: folder.path('case.parquet'), columns })).rejects.toMatchObject({
      code: 'DUPLICATE_COLUMN',
      message: 'case.parquet has the column "iTem" twice, also as "item"',
    });
  });

  test('a damaged file is an error with a code, without a word of the reader inside', async () => {
    const path = folder.path('whole.parquet');
    const of = (values: string[]) => ({ type: 'VARCHAR' as const, values });
    await writeParquet(path, { user: of(['a', 'b', 'c']), item: of(['x', 'y', 'x']) });
    const whole = await readFile(path);
    const rng = new Rng(3);
    const damaged = folder.path('damaged.parquet');
    for (let round = 0; round < 60; round++) {
      const bytes = Buffer.from(whole);
      for (let i = 0; i < 3; i++) bytes[rng.integer(bytes.length)] = rng.integer(256);
      await writeFile(damaged, round % 4 === 0 ? bytes.subarray(0, rng.integer(bytes.length)) : bytes);
      const error: unknown = await readInteractions({ path: damaged, columns }).catch((caught) => caught);
      if (!(error instanceof Error)) continue;
      expect(isTowerkitError(error)).toBe(true);
      expect(error.message).toContain('damaged.parquet');
      expect(error.message).not.toMatch(/IO Error|Invalid Input|DuckDB|Thrift/i);
    }
  });

  test('values keep what the file says: text, whole numbers beyond a double, dates in UTC', async () => {
    const path = await copy(
      `SELECT 'x' AS item, '01' AS code, 1234567890123456789 AS big, 12 AS small, 1.50::DECIMAL(5, 2) AS price, true AS flag,
        DATE '2024-03-01' AS day, TIMESTAMPTZ '2024-03-01 10:00:00+02' AS at, 'NaN'::DOUBLE AS none`,
      'types.parquet',
    );
    const names = ['code', 'big', 'small', 'price', 'flag', 'day', 'at'];
    const named = Object.fromEntries(names.map((name) => [name, name]));
    const { table } = await readCatalog({ path, columns: { id: 'item', ...named } });
    expect(names.map((name) => table.array(name)[0])).toEqual([
      '01',
      '1234567890123456789',
      12,
      1.5,
      'true',
      '2024-03-01',
      '2024-03-01 08:00:00+00',
    ]);
    const asked = await readCatalog({
      path,
      columns: { id: 'item', small: 'small' },
      types: { small: 'text' },
    });
    expect(asked.table.array('small')).toEqual(['12']);
    const log = await readInteractions({ path, columns: { user: 'code', item: 'item', time: 'at' } });
    expect([...log.time!]).toEqual([Date.UTC(2024, 2, 1, 8) / 1000]);
  });
});
