import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeParquet } from '@towerkit/data';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { trainRecommender, updateArtifact, type TrainRecommenderOptions } from '../src/index.js';
import { kinds, MANY } from './feedback-toy.js';
import { arraysOfMoments, moment, momentRows } from './moments-toy.js';
import { arraysOf, saveBaseline, shopItems, shopRows } from './toy.js';

const quick = { epochs: 1, threads: 1, metrics: ['hr@3' as const] };
const shop = { ...quick, interactions: arraysOf(shopRows) };

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-refusals-'));
  await writeFile(at('later.csv'), 'user,item,time\nu1,i1,900\nu2,i2,901\n');
  for (const [name, ids] of [
    ['items', shopItems.map(({ id }) => id)],
    ['people', Object.keys(shopRows)],
  ] as const)
    await writeParquet(at(`${name}.parquet`), {
      id: { type: 'VARCHAR', values: ids },
      vector: { type: 'FLOAT[]', values: ids.map((_, place) => [place % 3, 1]) },
    });
  await saveBaseline(at('teacher'), 'als', shopRows, { baselines: { als: { factors: 4 } } });
});
afterAll(() => rm(folder, { recursive: true }));

const cases: [string, () => TrainRecommenderOptions][] = [
  ['kinds, weights or dislikes of rows', () => ({ ...quick, interactions: MANY, kinds })],
  ['moments', () => ({ ...quick, interactions: arraysOfMoments(momentRows()), moment })],
  ['vectors of files', () => ({ ...shop, features: { vectors: { look: { file: at('items.parquet') } } } })],
  [
    'vectors of files',
    () => ({ ...shop, userFeatures: { vectors: { look: { file: at('people.parquet') } } } }),
  ],
  ['a teacher', () => ({ ...shop, distill: { teacher: at('teacher') } })],
];

test.each(cases)('an update refuses what it would lose: %s', async (what, options) => {
  const recommender = await trainRecommender(options());
  await recommender.save(at('model'));
  await recommender.dispose();
  const before = await readFile(join(at('model'), 'manifest.json'));
  const files = await readdir(folder, { recursive: true });
  for (const more of [{}, { out: at('updated') }])
    await expect(
      updateArtifact({ artifact: at('model'), data: at('later.csv'), threads: 1, ...more }),
    ).rejects.toMatchObject({ code: 'OTHER_MODEL', details: { what }, hint: 'train it again on all rows' });
  expect(await readFile(join(at('model'), 'manifest.json'))).toEqual(before);
  expect(await readdir(folder, { recursive: true })).toEqual(files);
});
