import { expect, test } from '@jest/globals';
import { Matrix } from '@towerkit/core';
import fc from 'fast-check';
import { readdir, readFile } from 'node:fs/promises';

import { readVectors, writeVectors } from '../../src/index.js';
import { temporaryFolder } from '../files.js';

const folder = temporaryFolder();

const tables = fc
  .uniqueArray(fc.stringMatching(/^[a-z0-9 ._-]{0,8}[a-z0-9]$/), { minLength: 1, maxLength: 6 })
  .chain((ids) =>
    fc.integer({ min: 1, max: 9 }).chain((cols) =>
      fc
        .array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
          minLength: ids.length * cols,
          maxLength: ids.length * cols,
        })
        .map((values) => ({ ids, vectors: new Matrix(ids.length, cols, Float32Array.from(values)) })),
    ),
  );

test.each([
  ['v.safetensors', {}, 40],
  ['v.npy', { ids: 'v.ids.txt' }, 40],
  ['v.parquet', {}, 8],
])('what is written to %s is read', async (name, { ids: beside }: { ids?: string }, numRuns) => {
  await fc.assert(
    fc.asyncProperty(tables, async ({ ids, vectors }) => {
      const files = await writeVectors(folder.path(name), vectors, ids);
      expect(files).toEqual([name, ...(beside ? [beside] : [])].map((file) => folder.path(file)));
      const read = await readVectors({ path: files[0], ...(beside && { ids: files[1] }) });
      expect([read.vectors.rows, read.vectors.cols]).toEqual([vectors.rows, vectors.cols]);
      expect([...read.vectors.data]).toEqual([...vectors.data]);
      expect(read.ids!.names).toEqual(ids);
    }),
    { numRuns },
  );
});

test('values of .npy begin at a multiple of 64 bytes, as NumPy has it', async () => {
  await writeVectors(folder.path('a.npy'), new Matrix(1, 2, Float32Array.of(1, -2)), ['x']);
  const bytes = await readFile(folder.path('a.npy'));
  expect(bytes.length).toBe(128 + 8);
  expect(bytes.readFloatLE(128)).toBe(1);
  expect(bytes.toString('latin1', 10, 128)).toMatch(
    /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(1, 2\), \} *\n$/,
  );
});

test.each([
  ['b.csv', ['x'], 'UNKNOWN_FORMAT'],
  ['b.npy', ['x', 'y'], 'SHAPE_MISMATCH'],
  ['b.npy', ['two\nlines'], 'BAD_VALUE'],
  ['b.safetensors', [''], 'BAD_VALUE'],
  ['absent/b.safetensors', ['x'], 'UNWRITABLE'],
])('%s of %j: %s, and nothing is left behind', async (name, ids, code) => {
  const before = await readdir(folder.path());
  await expect(writeVectors(folder.path(name), new Matrix(1, 1), ids)).rejects.toMatchObject({ code });
  expect(await readdir(folder.path())).toEqual(before);
});

test.each([
  ['BAD_VALUE', new Matrix(2, 2, Float32Array.of(1, 2, 3, NaN)), ['x', 'y']],
  ['EMPTY_DATA', new Matrix(0, 2), []],
  ['EMPTY_DATA', new Matrix(1, 0), ['x']],
])('what would not be read again is not written: %s', async (code, vectors, ids) => {
  for (const name of ['c.npy', 'c.safetensors', 'c.parquet'])
    await expect(writeVectors(folder.path(name), vectors, ids)).rejects.toMatchObject({ code });
  expect((await readdir(folder.path())).filter((name) => name.startsWith('c.'))).toEqual([]);
});
