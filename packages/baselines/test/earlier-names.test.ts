import { expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CsrMatrix, decodeSafetensors, encodeSafetensors, Rng } from '@towerkit/core';

import { ItemKnn, UserKnn } from '../src/index.js';

const rng = new Rng(3);
const matrix = CsrMatrix.fromPairs(
  20,
  9,
  Array.from({ length: 90 }, (_, k) => k % 20),
  Array.from({ length: 90 }, () => rng.integer(9)),
);
const HISTORIES = [[1, 4], [8], [0, 2, 3]];

test.each([
  ['item-knn', ItemKnn],
  ['user-knn', UserKnn],
] as const)('%s: a file whose options name `neighbours` is read', async (kind, Model) => {
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-knn-'));
  try {
    const model = new Model({ neighbors: 3, shrinkage: 1 });
    await model.fit(matrix);
    await model.save(folder);

    const path = join(folder, `${kind}.safetensors`);
    const { tensors, metadata } = decodeSafetensors(await readFile(path));
    expect(JSON.parse(metadata.options)).toMatchObject({ neighbors: 3 });
    const options = metadata.options.replace('"neighbors"', '"neighbours"');
    expect(options).not.toBe(metadata.options);
    await writeFile(path, encodeSafetensors(tensors, { ...metadata, options }));

    const loaded = await Model.load(folder);
    expect(await loaded.recommend(HISTORIES, 5)).toEqual(await model.recommend(HISTORIES, 5));
    await loaded.save(folder);
    const again = decodeSafetensors(await readFile(path)).metadata.options;
    expect(JSON.parse(again)).toEqual(JSON.parse(metadata.options));
  } finally {
    await rm(folder, { recursive: true });
  }
});
