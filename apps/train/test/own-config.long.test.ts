import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { filesIn, lastLine, removeFolder, towerkit, workFolder, writeRing } from './command.js';

let folder: string;

beforeAll(async () => {
  folder = await workFolder();
  await writeRing(folder);
});
afterAll(() => removeFolder(folder));

test("a user's own tower, in TypeScript, in a folder of their own", async () => {
  await mkdir(join(folder, 'towers'));
  await writeFile(
    join(folder, 'towers/last-item.ts'),
    `import * as tf from '@tensorflow/tfjs';
     import { glorotUniform } from '@towerkit/towers';
     import type { Tower } from 'towerkit';

     // A user is their last item, through one learned matrix.
     export const lastItemTower = (dimensions: number): Tower => ({
       name: 'last-item',
       dimensions,
       inputs: { history: { kind: 'history', dimensions } },
       init: (rng) => ({ kernel: glorotUniform([dimensions, dimensions], rng) }),
       apply: ({ kernel }, { history }, context) =>
         tf.matMul(context.atPositions(history as tf.Tensor3D), kernel as tf.Tensor2D),
     });`,
  );
  await writeFile(
    join(folder, 'own.config.ts'),
    `import { readFileSync } from 'node:fs';
     import { defineConfig, itemTower, twoTower } from 'towerkit';
     import { lastItemTower } from './towers/last-item.js';

     const { epochs } = JSON.parse(readFileSync(new URL('settings.json', import.meta.url), 'utf8'));

     export default defineConfig({
       name: 'own',
       seed: 1,
       data: { path: 'ring', dataset: { file: 'interactions.csv', columns: { user: 'who', item: 'what', time: 'when' } } },
       model: () => twoTower({ item: itemTower({ dimensions: 8 }), user: lastItemTower(8) }),
       batchSize: 64,
       negatives: [{ kind: 'popularity', count: 10 }, { kind: 'uniform', count: 10 }],
       optimizer: { learningRate: 0.02, schedule: 'constant', tables: { learningRate: 0.02 } },
       epochs,
     });`,
  );
  await writeFile(join(folder, 'settings.json'), '{"epochs": 5}');
  const run = await towerkit(['train', '--config', 'own.config.ts', '--json'], folder);
  expect(run.stderr).not.toMatch(/error|warn|already|registered/i);
  const { artifact, epochs } = lastLine(run);
  expect(epochs.at(-1).loss).toBeLessThan(epochs[0].loss);
  const { items } = lastLine(
    await towerkit(['recommend', '--artifact', artifact, '--history', 'i3', '--json'], folder),
  );
  expect(['i4', 'i5']).toContain(items[0].id);
  expect(await filesIn(folder)).not.toContainEqual(expect.stringMatching(/bundled|\.tmp/));
});

test('JSON, for those who need no tower of their own', async () => {
  const { status } = await towerkit(['train', '--config', 'plain.json', '--out', 'plain'], folder);
  expect(status).toBe(2);
  const dataset = { format: 'sequences', columns: { user: 'user_id', item: 'item_id' } };
  const config = {
    name: 'plain',
    epochs: 1,
    batchSize: 32,
    negatives: [{ kind: 'uniform', count: 5 }],
    data: { dataset },
  };
  await writeFile(join(folder, 'plain.json'), JSON.stringify(config));
  await writeFile(
    join(folder, 'walks.txt'),
    Array.from({ length: 20 }, (_, u) => `${u} ${u} ${u + 1} ${u + 2} ${u + 3}`).join('\n'),
  );
  const run = await towerkit(['train', '--config', 'plain.json', '--data', 'walks.txt', '--json'], folder);
  expect(lastLine(run).dataset).toEqual({ users: 20, items: 23, interactions: 80 });
  await writeFile(join(folder, 'targets.csv'), 'user_id,item_id\n0,9\n1,2\n');
  const ask = [
    'evaluate',
    '--artifact',
    'artifacts/plain',
    '--targets',
    'targets.csv',
    '--data',
    'walks.txt',
    '--json',
  ];
  expect(lastLine(await towerkit(ask, folder))).toMatchObject({ users: 1, left_out: { repeat: 1 } });
});

test('splits, cleaning and the k-core come from the config', async () => {
  const base = `{ user: 'who', item: 'what', time: 'when' }`;
  await writeFile(
    join(folder, 'temporal.mjs'),
    `export default {
       name: 'temporal', epochs: 1, batchSize: 32, negatives: [{ kind: 'uniform', count: 5 }],
       split: { kind: 'temporal', validation: 6 },
       data: { path: 'ring', dataset: { file: 'interactions.csv', columns: ${base} },
               clean: { dropUsers: ['U1'], until: 7 }, kCore: { users: 2 } },
     }`,
  );
  const run = await towerkit(['train', '--config', 'temporal.mjs', '--json'], folder);
  expect(run.stderr).toContain('8 rows dropped by dropUsers(U1)');
  expect(lastLine(run).dataset.interactions).toBe(59 * 7);
  expect(lastLine(run).epochs[0].examples).toBe(59 * 5);
});

test('without data a shop is generated, and the ideal ranking stands beside the baselines', async () => {
  await writeFile(
    join(folder, 'small-shop.mjs'),
    `export default {
       name: 'small-shop', epochs: 2, batchSize: 128, negatives: [{ kind: 'uniform', count: 50 }],
       data: { generate: { users: 150, items: 100, interactionsPerUser: 8 } },
     }`,
  );
  const run = await towerkit(['train', '--config', 'small-shop.mjs'], folder);
  expect(run.status).toBe(0);
  const rows = Object.fromEntries(run.stdout.split('\n').map((line) => [line.split(' ')[0], line]));
  const ndcg = (model: string) => Number(rows[model].split('[')[1].split(']')[1]);
  expect(ndcg('ideal')).toBeGreaterThan(ndcg('popularity'));
  expect(run.stdout.match(/is recommended:/g)).toHaveLength(3);
  const again = await towerkit(
    [
      'train',
      '--config',
      'small-shop.mjs',
      '--data',
      'artifacts/small-shop.data',
      '--out',
      'again',
      '--json',
    ],
    folder,
  );
  expect(Object.keys(lastLine(again).baselines)).toEqual(['popularity', 'ideal']);
});
