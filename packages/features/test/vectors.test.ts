import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Matrix, Vocabulary } from '@towerkit/core';
import { encodeUsers, writeVectors } from '@towerkit/data';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { columnsRead, encodeColumns, fitVectors, userSide, vectorEncodingSchema } from '../src/index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-vectors-'));
  const vectors = new Matrix(3, 2, Float32Array.of(3, 4, 0, 0, -5, 12));
  await writeVectors(join(folder, 'v.npy'), vectors, ['ann', 'zoe', 'bo']);
});
afterAll(() => rm(folder, { recursive: true }));

const users = new Vocabulary(['bo', 'cy', 'ann']);
const wish = { file: 'v.npy', ids: 'v.ids.txt', normalize: true, missing: false };
const rounded = (values: ArrayLike<number>) => Array.from(values, (value) => +value.toFixed(4));

test('a row for each user of the log, by id; a vector in a question is made the same', async () => {
  for (const missing of [false, true]) {
    const { features, encodings, overlap } = await fitVectors(
      userSide({ users }),
      { taste: { ...wish, missing } },
      folder,
    );
    const [bo, ann] = [[-0.3846, 0.9231], [0.6, 0.8]]; // prettier-ignore
    expect(rounded(features.taste.data)).toEqual(
      missing ? [...bo, 0, 0, 0, 1, ...ann, 0] : [...bo, 0, 0, ...ann],
    );
    expect(overlap).toEqual({ taste: { without: 1, unused: 1 } });
    const kept: unknown = JSON.parse(JSON.stringify(encodings));
    expect(vectorEncodingSchema.parse((kept as { taste: object }).taste)).toEqual(encodings.taste);
    const again = await encodeColumns(
      encodings,
      [{ of: 'taste', dimensions: features.taste.cols }],
      3,
      () => [[-5, 12], null, [30, 40]],
      () => Promise.reject(new Error('no text')),
    );
    expect(rounded(again.features.taste.data)).toEqual(rounded(features.taste.data));
    expect(columnsRead(encodings)).toEqual({});
  }
});

test('without ids the rows are those of the table, if there are as many and none was left out', async () => {
  const table = encodeUsers([{ id: 'cy' }, { id: 'bo' }, { id: 'ann' }]);
  const noIds = { ...wish, ids: undefined };
  const fit = (of: Parameters<typeof userSide>[1]) =>
    fitVectors(userSide({ users }, of), { taste: noIds }, folder);
  expect(rounded((await fit(table)).features.taste.row(1))).toEqual([0.6, 0.8]);
  for (const [of, message] of [
    [
      undefined,
      'v.npy says no ids for its 3 rows, and there is no table of users whose order they could be in',
    ],
    [encodeUsers([{ id: 'cy' }]), 'v.npy says no ids for its 3 rows, and the table of users has 1'],
    [
      { ...table, skipped: 2 },
      'v.npy says no ids for its 3 rows, and the table of users has 3, 2 more were left out',
    ],
  ] as const)
    await expect(fit(of)).rejects.toMatchObject({ code: 'SHAPE_MISMATCH', message });
});
