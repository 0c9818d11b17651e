import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cp, mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { lastLine, removeFolder, towerkit, workFolder, writeRing } from './command.js';

/** Users may install the union of tfjs's packages, with all that it has; the command has tfjs-core alone. */
const UNION = '@tensorflow/tfjs';

let folder: string;
beforeAll(async () => {
  folder = await workFolder();
  await writeRing(folder);
});
afterAll(() => removeFolder(folder));

/** A config with a tower that is written with methods of tensors, and makes one as soon as it is loaded. */
const config = (name: string, extra = '') => `
  import * as tf from '${UNION}';
  import { glorotUniform } from '@towerkit/towers';
  import { defineConfig, itemTower, twoTower } from 'towerkit';

  const half = tf.scalar(1).mul(0.5).dataSync()[0];
  ${extra}
  const user = {
    name: 'last-item',
    dimensions: 8,
    inputs: { history: { kind: 'history', dimensions: 8 } },
    init: (rng) => ({ kernel: glorotUniform([8, 8], rng) }),
    apply: ({ kernel }, { history }, context) => context.atPositions(history).matMul(kernel).mul(half),
  };
  export default defineConfig({
    name: '${name}',
    seed: 1,
    threads: 1,
    data: { path: '../ring', dataset: { file: 'interactions.csv', columns: { user: 'who', item: 'what', time: 'when' } } },
    model: () => twoTower({ item: itemTower({ dimensions: 8 }), user }),
    batchSize: 64,
    negatives: [{ kind: 'uniform', count: 10 }],
    optimizer: { learningRate: 0.02 },
    epochs: 2,
  });`;

async function trained(name: string, text: string): Promise<{ epochs: { loss: number }[] }> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'own.config.mjs'), text);
  const run = await towerkit(['train', '--config', join(name, 'own.config.mjs'), '--json'], folder);
  expect(run.status).toBe(0); // a second copy warns that what it would register is there
  return lastLine(run);
}

/** Copies tfjs's packages as npm would install them for the user, apart from the command's: what Node loads of each. */
async function installUnion(modules: string): Promise<void> {
  const from = createRequire(join(import.meta.dirname, '../../../packages/towers/package.json'));
  const home = (name: string, by = from) => dirname(by.resolve(`${name}/package.json`));
  const union = createRequire(join(await realpath(home(UNION)), 'package.json'));
  const parts = ['core', 'layers', 'converter', 'data', 'backend-cpu', 'backend-webgl'];
  for (const name of [UNION, ...parts.map((part) => `${UNION}-${part}`)]) {
    const at = name === UNION ? home(name) : home(name, union);
    const { main } = createRequire(import.meta.url)(join(at, 'package.json')) as { main: string };
    for (const file of ['package.json', main]) await cp(join(at, file), join(modules, name, file));
  }
  const core = createRequire(union.resolve(`${UNION}-core/package.json`));
  for (const name of ['long', 'seedrandom', 'node-fetch'])
    await symlink(await realpath(home(name, core)), join(modules, name));
  await symlink(
    await realpath(home('string_decoder', createRequire(union.resolve(`${UNION}-data/package.json`)))),
    join(modules, 'string_decoder'),
  );
}

test('a tower that names the union of tfjs trains alike without it and with a second copy of all of it', async () => {
  const without = await trained('without', config('without'));
  expect(without.epochs[1].loss).toBeLessThan(without.epochs[0].loss);

  await installUnion(join(folder, 'with/node_modules'));
  const own = "if (typeof tf.layers.dense !== 'function') throw new Error('not the union');";
  const withUnion = await trained('with', config('with', own));
  expect(withUnion.epochs.map(({ loss }) => loss)).toEqual(without.epochs.map(({ loss }) => loss));
});
