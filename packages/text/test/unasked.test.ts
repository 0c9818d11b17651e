import { expect, test } from '@jest/globals';
import { runUnasked } from '@towerkit/workspace/unasked';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { inFolder } from './in-folder.js';
import { writeTinyModel } from './tiny-model.js';

const DIST = join(import.meta.dirname, '../dist');
const LOAD = {
  module: `import(${JSON.stringify(pathToFileURL(join(DIST, 'index.js')).href)})`,
  commonjs: `Promise.resolve(require(${JSON.stringify(join(DIST, 'index.cjs'))}))`,
};

/** Encodes a text with the model in a folder, prints how many values its vector has. */
const encode = (load: string, models: string) => `${load}
  .then(({ minilm }) => minilm({ models: ${JSON.stringify(models)}, model: 'tiny', threads: 1 }))
  .then((encoder) => encoder.encode(['red hats']))
  .then(({ data }) => console.log(data.length));`;
const inThread = (program: string) =>
  `new (require('node:worker_threads').Worker)(${JSON.stringify(program)}, { eval: true });`;

// transformers.js sets the variable, too, but in a thread that reaches only a copy of the environment.
test.each([
  ['an ES module', encode.bind(null, LOAD.module), undefined],
  ['CommonJS', encode.bind(null, LOAD.commonjs), undefined],
  ['a thread', (models: string) => inThread(encode(LOAD.module, models)), undefined],
  ['a thread without a home', (models: string) => inThread(encode(LOAD.commonjs, models)), '/proc/no-home'],
])('a text encoded from %s leaves nothing, and asks no one', (_, program, home) =>
  inFolder(async (models) => {
    await writeTinyModel(join(models, 'tiny'));
    expect(await runUnasked(['-e', program(models)], { home })).toEqual({
      ...{ status: 0, stdout: '4\n', stderr: '' },
      ...{ files: ['home', 'tmp', 'work'], asked: [] },
    });
  }),
);
