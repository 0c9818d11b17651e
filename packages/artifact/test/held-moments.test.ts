import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CsrMatrix } from '@towerkit/core';
import { writeParquet, type ColumnType, type ColumnValues } from '@towerkit/data';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readArtifact, saveArtifact } from '../src/index.js';
import { contents } from './toy.js';

let parent: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'towerkit-held-'));
});
afterAll(() => rm(parent, { recursive: true }));

const validation = CsrMatrix.fromRows([[2, 0], [2]], 3);
const held = CsrMatrix.fromRows([[], [0]], 3);
const moments = {
  validation: { device: ['phone', '', 'tv "4K"'], user: Float64Array.of(1.5, NaN, -3) },
  test: { device: ['phone'], user: Float64Array.of(2) },
};

test('moments of held-back rows are saved and read, by the entries of each part, whatever they are called', async () => {
  const folder = join(parent, 'good');
  await saveArtifact(folder, { ...contents, validation, test: held, moments });
  const read = await readArtifact(folder);
  expect(read.moments).toEqual(moments);
  expect([...read.validation!.row(0)]).toEqual([2, 0]);
});

test('of a part without any there are none', async () => {
  const folder = join(parent, 'one');
  await saveArtifact(folder, { ...contents, validation, test: held, moments: { test: moments.test } });
  expect((await readArtifact(folder)).moments).toEqual({ test: moments.test });
  const none = join(parent, 'none');
  await saveArtifact(none, contents);
  expect((await readArtifact(none)).moments).toBeUndefined();
});

const texts = (...values: (string[] | null)[]) => ({ type: 'VARCHAR[]' as const, values });

test.each<[string, { type: ColumnType; values: ColumnValues }]>([
  ['too few values', texts(['a'], ['b'])],
  ['too many', texts(['a', 'b'], ['c', 'd'])],
  ['no list', texts(['a', 'b'], null)],
  ['whole numbers', { type: 'INTEGER[]', values: [[1, 2], [3]] }],
  ['a value that is no list', { type: 'VARCHAR', values: ['a', 'b'] }],
  ['numbers that are missing', { type: 'DOUBLE[]', values: [[1, 2], null] }],
])('a table with %s is refused, though its checksum fits', async (what, column) => {
  const folder = join(parent, what.replaceAll(' ', '-'));
  await saveArtifact(join(parent, 'base'), { ...contents, validation });
  await cp(join(parent, 'base'), folder, { recursive: true });
  const name = 'validation.parquet';
  await writeParquet(join(folder, name), {
    user: { type: 'INTEGER', values: Int32Array.of(0, 1) },
    items: { type: 'INTEGER[]', values: [[2, 0], [2]] },
    'moment/device': column,
  });
  const bytes = await readFile(join(folder, name));
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  manifest.files[name] = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  await expect(readArtifact(folder)).rejects.toMatchObject({
    code: 'BAD_ARTIFACT',
    message: expect.stringContaining('validation.parquet: its column "moment/device" does not hold a value'),
  });
});
