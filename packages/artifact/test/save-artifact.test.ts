import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CsrMatrix, decodeSafetensors, encodeSafetensors, Rng, Vocabulary } from '@towerkit/core';
import { encodeCatalog, readTable } from '@towerkit/data';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  concatRows,
  fullHistories,
  readArtifact,
  readUnlisted,
  saveArtifact,
  verifyArtifact,
  writeArtifact,
  type ArtifactContents,
} from '../src/index.js';
import { catalog, contents, facts, userTable } from './toy.js';

let parent: string;
beforeAll(async () => (parent = await mkdtemp(join(tmpdir(), 'towerkit-save-'))));
afterAll(() => rm(parent, { recursive: true }));

let made = 0;
async function saved(more: Partial<ArtifactContents> = {}): Promise<string> {
  const folder = join(parent, String(made++));
  await saveArtifact(folder, { ...contents, ...more });
  return folder;
}
const rowsOf = (matrix: CsrMatrix) => Array.from({ length: matrix.rows }, (_, row) => [...matrix.row(row)]);
const listOf = (values: ArrayLike<unknown>) => Array.from(values);
const lists = async (folder: string) => JSON.parse(await readFile(join(folder, 'items.json'), 'utf8'));

describe('an artifact', () => {
  test('holds the table of its users, nulls for those it lacks, and no others', async () => {
    const artifact = await readArtifact(await saved({ userTable }));
    expect(
      Object.fromEntries(Object.entries(artifact.userTable!).map(([name, of]) => [name, listOf(of)])),
    ).toEqual({
      id: ['ann', 'bob'],
      age: ['18-25', null],
      income: [null, null],
    });
    expect((await readArtifact(await saved())).userTable).toBeUndefined();
  });

  test('keeps the ratings of what was held back, where there are some', async () => {
    const held = new CsrMatrix(
      2,
      3,
      Int32Array.of(0, 2, 3),
      Int32Array.of(2, 0, 1),
      Float32Array.of(4, NaN, 1.5),
    );
    const artifact = await readArtifact(await saved({ validation: undefined, test: held }));
    expect(rowsOf(artifact.test!)).toEqual([[2, 0], [1]]);
    expect(listOf(artifact.test!.values!)).toEqual([4, NaN, 1.5]);
    expect((await readArtifact(await saved())).validation!.values).toBeUndefined();
  });

  test('rows end to end keep their ratings, where every part has some', () => {
    const rated = (rows: number[][], values: number[]) => {
      const { indptr, indices } = CsrMatrix.fromRows(rows, 3);
      return new CsrMatrix(2, 3, indptr, indices, Float32Array.from(values));
    };
    const [first, second] = [rated([[1, 0], [2]], [1, 2, 3]), rated([[2], [0, 1]], [4, 5, 6])];
    const joined = concatRows(first, second);
    expect(rowsOf(joined)).toEqual([
      [1, 0, 2],
      [2, 0, 1],
    ]);
    expect(listOf(joined.values!)).toEqual([1, 2, 4, 3, 5, 6]);
    expect(concatRows(first, CsrMatrix.fromRows([[2], []], 3)).values).toBeUndefined();
  });

  test.each([
    [contents.users.names.slice(1), 'its users do not fit its manifest'],
    [[...contents.users.names].reverse(), 'its ids are not those of the histories'],
  ])('whose table of users is of others is refused', async (names, message) => {
    const folder = join(parent, String(made++));
    const users = new Vocabulary(names);
    const histories = CsrMatrix.fromRows(
      names.map(() => [0]),
      contents.items.size,
    );
    await saveArtifact(folder, { ...contents, users, histories, validation: undefined, userTable });
    const parquet = await readFile(join(folder, 'users.parquet'));
    const write = (into: string) => writeFile(join(into, 'users.parquet'), parquet);
    await expect(readArtifact(await saved({ write }))).rejects.toMatchObject({
      code: 'BAD_ARTIFACT',
      message: expect.stringContaining(message),
    });
  });

  test('without a catalog has ids and counts', async () => {
    const folder = await saved();
    const artifact = await readArtifact(folder);
    expect(artifact.manifest.dataset).toEqual({ ...contents.dataset, users: 2, items: 3 });
    expect(artifact.items.names).toEqual(['mug', 'tea pot', 'lamp']);
    expect(artifact.users.names).toEqual(['ann', 'bob']);
    expect(artifact.titles).toBeUndefined();
    expect(Object.keys(artifact.catalog)).toEqual(['id', 'training_count']);
    expect([...artifact.counts]).toEqual([1, 2, 0]);
    expect(rowsOf(artifact.histories)).toEqual([[1, 0], [1]]);
    expect(rowsOf(artifact.validation!)).toEqual([[], [2]]);
    expect(artifact.test).toBeUndefined();
    expect(rowsOf(fullHistories(artifact))).toEqual([
      [1, 0],
      [1, 2],
    ]);
    expect(await lists(folder)).toEqual({ id: ['mug', 'tea pot', 'lamp'], training_count: [1, 2, 0] });
    const { tensors } = decodeSafetensors(await readFile(join(folder, 'popularity.safetensors')));
    expect(tensors.counts).toEqual({ shape: [3], data: Int32Array.of(1, 2, 0) });
    expect(await readFile(join(folder, 'model.bin'), 'utf8')).toBe('weights');
  });

  test('with one has its columns in the order of the items, null for what it lacks', async () => {
    const artifact = await readArtifact(await saved({ catalog }));
    expect(artifact.titles).toEqual([null, 'Tea pot, "blue"', null]);
    expect(Array.from(artifact.catalog.price)).toEqual([null, 20, null]);
    expect(Array.from(artifact.catalog.color)).toEqual(['white', 'blue', null]);
    expect(Array.from(artifact.catalog.training_count)).toEqual([1, 2, 0]);
  });

  test('takes titles from beside it where the catalog has none, and there only', async () => {
    const titles = ['Mug', 'Pot', 'Lamp'];
    expect((await readArtifact(await saved({ titles }))).titles).toEqual(titles);
    expect((await readArtifact(await saved({ titles, catalog }))).titles).toEqual([
      null,
      'Tea pot, "blue"',
      null,
    ]);
  });

  test('after a refit holds nothing back', async () => {
    const { validation, test } = await readArtifact(await saved({ validation: undefined }));
    expect([validation, test]).toEqual([undefined, undefined]);
  });

  test("keeps a model's own file of the name of one of its files", async () => {
    const own = encodeSafetensors({ mine: { shape: [1], data: Float32Array.of(7) } });
    const folder = await saved({ write: (into) => writeFile(join(into, 'popularity.safetensors'), own) });
    const { tensors } = decodeSafetensors(await readFile(join(folder, 'popularity.safetensors')));
    expect(Object.keys(tensors)).toEqual(['mine']);
    expect([...(await readArtifact(folder)).counts]).toEqual([1, 2, 0]);
  });

  test('on random data: tables read back are what was saved, and items.json says what items.parquet says', async () => {
    const rng = new Rng(3);
    for (let round = 0; round < 5; round++) {
      const [users, items] = [1 + rng.integer(20), 1 + rng.integer(30)];
      const drawn = () =>
        Array.from({ length: users }, () => Array.from({ length: rng.integer(5) }, () => rng.integer(items)));
      const [train, validation, test] = [drawn(), drawn(), drawn()];
      const names = Array.from({ length: items }, (_, i) => `item ${i} "é" ${'\\'.repeat(rng.integer(3))}`);
      const folder = await saved({
        users: new Vocabulary(train.map((_, user) => `u${user}`)),
        items: new Vocabulary(names),
        titles: names.map((name) => `${name}\n2`),
        histories: CsrMatrix.fromRows(train, items),
        validation: CsrMatrix.fromRows(validation, items),
        test: CsrMatrix.fromRows(test, items),
      });
      const artifact = await readArtifact(folder);
      expect(rowsOf(artifact.histories)).toEqual(train);
      expect(rowsOf(artifact.validation!)).toEqual(validation);
      expect(rowsOf(artifact.test!)).toEqual(test);
      expect(rowsOf(fullHistories(artifact))).toEqual(
        train.map((row, user) => [...row, ...validation[user], ...test[user]]),
      );
      const { columns } = await readTable(join(folder, 'items.parquet'));
      expect(await lists(folder)).toEqual({
        id: listOf(columns.id),
        title: listOf(columns.title),
        training_count: listOf(columns.training_count),
      });
      expect(listOf(columns.training_count)).toEqual(
        names.map((_, item) => train.flat().filter((one) => one === item).length),
      );
    }
  });
});

describe('reading', () => {
  const bad = (message: RegExp) =>
    expect.objectContaining({ code: 'BAD_ARTIFACT', message: expect.stringMatching(message) });

  test('refuses an artifact without tables, and one whose items are more than its manifest says', async () => {
    await writeArtifact(join(parent, 'bare'), facts, async () => undefined);
    await expect(readArtifact(join(parent, 'bare'))).rejects.toThrow(bad(/lists no items\.parquet/));
    const verified = await readArtifact(await saved());
    const { dataset } = verified.manifest;
    const other = { ...verified, manifest: { ...verified.manifest, dataset: { ...dataset, items: 4 } } };
    await expect(readArtifact(other)).rejects.toThrow(bad(/items do not fit/));
  });
});

test('items that only held-back rows name are marked, unless the catalog has them', async () => {
  const bare = await verifyArtifact(await saved());
  expect([...(await readUnlisted(bare))]).toEqual([2]); // the lamp: a validation target without a training row
  const listed = { ...catalog, items: new Vocabulary(contents.items.names) };
  expect((await readUnlisted(await verifyArtifact(await saved({ catalog: listed })))).size).toBe(0);
});

test('a column of text stays text where no item has a value', async () => {
  const { items } = contents;
  const empty = encodeCatalog(
    items.names.map((id) => ({ id, color: null, price: null })),
    { color: 'text' },
  );
  const { types } = await readTable(join(await saved({ catalog: empty }), 'items.parquet'));
  expect([types.color, types.price]).toEqual(['VARCHAR', 'DOUBLE']);
});
