import { expect, test } from '@jest/globals';
import { runUnasked } from '@towerkit/workspace/unasked';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { png } from './png.js';
import { writeTinyModel } from './tiny-model.js';

const DIST = join(import.meta.dirname, '../dist');
const LOAD = {
  module: `import(${JSON.stringify(pathToFileURL(join(DIST, 'index.js')).href)})`,
  commonjs: `Promise.resolve(require(${JSON.stringify(join(DIST, 'index.cjs'))}))`,
};

test.each(Object.entries(LOAD))('an image encoded by %s leaves nothing, and asks no one', async (_, load) => {
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-unasked-'));
  try {
    await writeTinyModel(join(folder, 'tiny'), 'clip');
    await writeFile(join(folder, 'red.png'), png(8, 8, [255, 0, 0]));
    const program = `${load}
      .then(async ({ embedImages, imageEncoder }) => {
        const encoder = await imageEncoder({ model: ${JSON.stringify(join(folder, 'tiny'))}, threads: 1 });
        const { ids, vectors } = await embedImages(encoder, ${JSON.stringify(folder)});
        await encoder.dispose();
        console.log(ids[0], [...vectors.data].join());
      });`;
    expect(await runUnasked(['-e', program])).toEqual({
      ...{ status: 0, stdout: 'red 1,0,0\n', stderr: '' },
      ...{ files: ['home', 'tmp', 'work'], asked: [] },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
