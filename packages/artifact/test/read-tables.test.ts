import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeParquet, type ColumnType, type ColumnValues } from '@towerkit/data';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readArtifact, readArtifactTable, saveArtifact, verifyArtifact } from '../src/index.js';
import { contents } from './toy.js';

type Columns = Record<string, { type: ColumnType; values: ColumnValues }>;

let parent: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'towerkit-tables-'));
  await saveArtifact(join(parent, 'good'), contents);
});
afterAll(() => rm(parent, { recursive: true }));

let made = 0;
/** A copy of the artifact with another table, which its manifest lists as right. */
async function withTable(name: string, columns: Columns): Promise<string> {
  const folder = join(parent, String(made++));
  await cp(join(parent, 'good'), folder, { recursive: true });
  await writeParquet(join(folder, name), columns);
  const bytes = await readFile(join(folder, name));
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  manifest.files[name] = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}

const text = (...values: (string | null)[]) => ({ type: 'VARCHAR' as const, values });
const whole = (...values: (number | null)[]) => ({ type: 'INTEGER' as const, values });
const lists = (...values: (number[] | null)[]) => ({ type: 'INTEGER[]' as const, values });
const equal = (rows: number) => ({ type: 'INTEGER' as const, values: new Int32Array(rows) });
const floats = (...values: number[]) => ({ type: 'DOUBLE' as const, values });

const rated = (...values: number[][]) => ({ type: 'FLOAT[]' as const, values });

const ITEMS = { id: text('a', 'b', 'c'), training_count: whole(1, 2, 0) };
const HISTORIES = { user: text('ann', 'bob'), items: lists([1, 0], [1]) };
const HELD = { user: whole(1), items: lists([2]) };

describe('a table that is not the artifact’s, though its checksum fits', () => {
  test('right ones of other values are read', async () => {
    expect((await readArtifact(await withTable('items.parquet', ITEMS))).items.names).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect((await readArtifact(await withTable('histories.parquet', HISTORIES))).users.size).toBe(2);
    expect([...(await readArtifact(await withTable('validation.parquet', HELD))).validation!.row(1)]).toEqual(
      [2],
    );
  });

  test.each<[string, string, Columns, RegExp]>([
    ['no ids', 'items.parquet', { ...ITEMS, id: undefined! }, /has no column "id"/],
    ['ids that are numbers', 'items.parquet', { ...ITEMS, id: whole(1, 2, 3) }, /"id" does not hold a text/],
    ['an id that is missing', 'items.parquet', { ...ITEMS, id: text('a', null, 'c') }, /"id" does not hold/],
    ['an id twice', 'items.parquet', { ...ITEMS, id: text('a', 'b', 'a') }, /"a"/],
    ['no counts', 'items.parquet', { id: ITEMS.id }, /has no column "training_count"/],
    ['counts below 0', 'items.parquet', { ...ITEMS, training_count: whole(1, -2, 0) }, /holds -2/],
    [
      'counts that are texts',
      'items.parquet',
      { ...ITEMS, training_count: text('1', '2', '0') },
      /whole numbers/,
    ],
    [
      'a row too few',
      'items.parquet',
      { id: text('a'), training_count: whole(1) },
      /1 rows, and there are 3/,
    ],
    [
      'a user too few',
      'histories.parquet',
      { user: text('ann'), items: lists([1]) },
      /1 rows, and there are 2/,
    ],
    ['no lists', 'histories.parquet', { user: HISTORIES.user }, /has no column "items"/],
    ['numbers for lists', 'histories.parquet', { ...HISTORIES, items: whole(1, 1) }, /a list of ids/],
    [
      'a list that is missing',
      'histories.parquet',
      { ...HISTORIES, items: lists([1], null) },
      /a list of ids/,
    ],
    ['an item beyond the table', 'histories.parquet', { ...HISTORIES, items: lists([1], [3]) }, /histories/],
    ['an item below 0', 'histories.parquet', { ...HISTORIES, items: lists([1], [-1]) }, /histories/],
    ['a user beyond the table', 'validation.parquet', { ...HELD, user: whole(2) }, /"user" holds 2/],
    ['users that are texts', 'validation.parquet', { ...HELD, user: text('bob') }, /whole numbers/],
    ['users with a fraction', 'validation.parquet', { ...HELD, user: floats(0.5) }, /whole numbers/],
    ['a user twice', 'validation.parquet', { user: whole(1, 1), items: lists([0], [2]) }, /user 1 twice/],
    ['ratings that are none', 'validation.parquet', { ...HELD, ratings: whole(3) }, /a number for each item/],
    [
      'a rating too many',
      'validation.parquet',
      { ...HELD, ratings: rated([3, 4]) },
      /a number for each item/,
    ],
    ['a held-back item beyond', 'validation.parquet', { ...HELD, items: lists([99]) }, /validation/],
    [
      'more users than there are',
      'validation.parquet',
      { user: whole(0, 1, 1), items: lists([0], [1], [2]) },
      /3 rows, and there are 2/,
    ],
  ])('%s: BAD_ARTIFACT', async (_, name, columns, message) => {
    const given = Object.fromEntries(Object.entries(columns).filter(([, column]) => column !== undefined));
    await expect(readArtifact(await withTable(name, given))).rejects.toMatchObject({
      code: 'BAD_ARTIFACT',
      message: expect.stringMatching(message),
    });
  });

  describe('a small file that unpacks into very much is refused by what its footer says', () => {
    test.each<[string, string, () => Columns, RegExp]>([
      [
        'rows, by the manifest',
        'validation.parquet',
        () => ({ user: equal(900_000), items: equal(900_000) }),
        /validation\.parquet has 900000 rows, and there are 2 users/,
      ],
      ['rows, by its size', 'reviews.parquet', () => ({ user: equal(3_000_000) }), /claims 3000000 rows/],
      [
        'values of lists',
        'histories.parquet',
        () => ({ ...HISTORIES, items: lists([0], new Array<number>(1_500_000).fill(1)) }),
        /unpacks into 1500001 values/,
      ],
      [
        'text',
        'items.parquet',
        () => ({ ...ITEMS, title: text('a', 'x'.repeat(35_000_000), 'y'.repeat(35_000_000)) }),
        /unpacks into 3 values and 700000\d\d bytes of text/,
      ],
    ])('%s', async (_, name, columns, message) => {
      const artifact = await verifyArtifact(await withTable(name, columns()));
      expect(artifact.manifest.files[name].bytes).toBeLessThan(50_000);
      await expect(readArtifactTable(artifact, name)).rejects.toMatchObject({
        code: 'BAD_ARTIFACT',
        message: expect.stringMatching(message),
      });
    });
  });

  test('what is no Parquet at all: BAD_ARTIFACT', async () => {
    const folder = await withTable('items.parquet', ITEMS);
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    const bytes = Buffer.from('id,training_count\na,1\n');
    await writeFile(join(folder, 'items.parquet'), bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    manifest.files['items.parquet'] = { bytes: bytes.length, sha256 };
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
    await expect(readArtifact(folder)).rejects.toMatchObject({ code: 'BAD_ARTIFACT' });
  });
});
