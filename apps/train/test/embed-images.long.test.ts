import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readVectors } from '@towerkit/data';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { png } from '../../../packages/images/test/png.js';
import { writeTinyModel } from '../../../packages/images/test/tiny-model.js';
import { filesIn, ITEMS, lastLine, removeFolder, towerkit, workFolder, writeRing } from './command.js';

let folder: string;
/** A photo of each item but the first; what is around the ring changes its color. */
const colorOf = (item: number) => [
  Math.round((item / ITEMS) * 255),
  255 - Math.round((item / ITEMS) * 255),
  40,
];
beforeAll(async () => {
  folder = await workFolder();
  await writeRing(folder);
  await writeTinyModel(join(folder, 'model'), 'clip');
  await mkdir(join(folder, 'photos'));
  for (let item = 1; item < ITEMS; item++)
    await writeFile(join(folder, `photos/i${item}.png`), png(8, 8, colorOf(item)));
});
afterAll(() => removeFolder(folder));

const embed = (...args: string[]) =>
  towerkit(['embed-images', '--model', 'model', '--images', 'photos', '--json', ...args], folder);

test('photos become vectors, vectors features, and features answers', async () => {
  const run = await embed('--out', 'ring/photos.npy', '--batch-size', '7');
  expect(lastLine(run)).toMatchObject({
    ...{
      files: ['ring/photos.npy', 'ring/photos.ids.txt'],
      images: ITEMS - 1,
      dimensions: 3,
      model: 'model',
    },
    skipped: [],
  });
  const { vectors, ids } = await readVectors({
    path: join(folder, 'ring/photos.npy'),
    ids: join(folder, 'ring/photos.ids.txt'),
  });
  expect([...vectors.row(ids!.indexOf('i20')!)].map((value) => Math.round(value * 255))).toEqual(colorOf(20));
  const again = await embed('--out', 'ring/photos.safetensors', '--batch-size', '64');
  expect(lastLine(again).fingerprint).toBe(lastLine(run).fingerprint);
  expect((await readVectors({ path: join(folder, 'ring/photos.safetensors') })).vectors.data).toEqual(
    vectors.data,
  );
  await writeFile(
    join(folder, 'photos.mjs'),
    `import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';
export default defineConfig({
  name: 'photos',
  data: {
    path: 'ring',
    dataset: { file: 'interactions.csv', columns: { user: 'who', item: 'what', time: 'when' } },
    features: { vectors: { photo: { file: 'photos.safetensors' } } },
  },
  model: ({ vectors }) => twoTower({ item: itemTower({ content: vectors }), user: gruTower() }),
  ...{ negatives: [{ kind: 'uniform', count: 20 }], batchSize: 64, epochs: 1, threads: 1, examples: 0 },
});
`,
  );
  const trained = await towerkit(['train', '--config', 'photos.mjs', '--json'], folder);
  expect(trained.stderr).toContain(
    'photo: vectors of 3 dimensions; 1 items without a vector, 0 vectors of no item',
  );
  const asked = await towerkit(
    ['recommend', '--artifact', 'artifacts/photos', '--history', 'i3', '--json'],
    folder,
  );
  expect(lastLine(asked)).toMatchObject({ source: 'two-tower' });
});

test('what is no image is an error, or named and left out; nothing is left behind', async () => {
  await writeFile(join(folder, 'photos/i0.jpg'), 'not a photo');
  const before = await filesIn(folder);
  const { status, stderr } = await embed('--out', 'bad.safetensors');
  expect([status, stderr]).toEqual([2, expect.stringMatching(/^error BAD_IMAGE: .*i0\.jpg is no image/)]);
  expect(await filesIn(folder)).toEqual(before);
  const skipped = await embed('--out', 'good.parquet', '--on-bad', 'skip');
  expect(skipped.stderr).toContain('i0.jpg skipped: ');
  expect(lastLine(skipped)).toMatchObject({ images: ITEMS - 1, skipped: ['i0.jpg'] });
  expect((await readVectors({ path: join(folder, 'good.parquet') })).ids!.size).toBe(ITEMS - 1);
  for (const [code, args] of [
    ['UNKNOWN_FORMAT', ['--out', 'x.csv']],
    ['MODEL_UNAVAILABLE', ['--out', 'x.npy', '--model', 'absent']],
    ['BAD_USAGE', ['--out', 'x.npy', '--on-bad', 'ignore']],
  ] as const)
    expect((await embed(...args)).stderr).toMatch(new RegExp(`^error ${code}: `));
});
