import { expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CsrMatrix, decodeSafetensors, encodeSafetensors, Rng } from '@towerkit/core';

import { Als } from '../src/index.js';

test('a file whose regularization is called `penalty`, as files once were, gives the same model', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-als-'));
  const rng = new Rng(3);
  const users = Array.from({ length: 90 }, (_, k) => k % 20);
  const als = new Als({ factors: 4, regularization: 2, exponent: 1, iterations: 3, threads: 1 });
  let loaded: Als | undefined;
  try {
    await als.fit(
      CsrMatrix.fromPairs(
        20,
        9,
        users,
        users.map(() => rng.integer(9)),
      ),
    );
    await als.save(folder);

    const path = join(folder, 'als.safetensors');
    const { tensors, metadata } = decodeSafetensors(await readFile(path));
    const { regularization, ...others } = tensors;
    expect(regularization.shape).toEqual([1]);
    await writeFile(path, encodeSafetensors({ ...others, penalty: regularization }, metadata));

    loaded = await Als.load(folder);
    expect(await loaded.foldInUser([1, 4, 8])).toEqual(await als.foldInUser([1, 4, 8]));
  } finally {
    await loaded?.dispose();
    await als.dispose();
    await rm(folder, { recursive: true });
  }
});
