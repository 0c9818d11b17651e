import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeSafetensors } from '@towerkit/core';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { filesIn, ITEMS, lastLine, removeFolder, towerkit, USERS, workFolder, writeRing } from './command.js';

let folder: string;
let trained: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** A place on the ring as a point on a circle. */
const pointOf = (place: number) => [
  Math.cos((place / ITEMS) * 2 * Math.PI),
  Math.sin((place / ITEMS) * 2 * Math.PI),
];
const points = (names: readonly string[], values: readonly (readonly number[])[]) =>
  encodeSafetensors(
    { point: { shape: [values.length, values[0].length], data: Float32Array.from(values.flat()) } },
    { ids: JSON.stringify(names) },
  );
const config = (vectors: object, userVectors: object) => `
import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';
export default defineConfig({
  name: 'points',
  data: {
    path: 'ring',
    dataset: { file: 'interactions.csv', columns: { user: 'who', item: 'what', time: 'when' } },
    features: { vectors: ${JSON.stringify(vectors)} },
    users: { features: { vectors: ${JSON.stringify(userVectors)} } },
  },
  model: ({ vectors, user }) =>
    twoTower({ item: itemTower({ content: vectors }), user: gruTower({ inputs: user.inputs }), idDropout: 0.2 }),
  negatives: [{ kind: 'uniform', count: 20 }],
  ...{ batchSize: 64, epochs: 3, threads: 1, examples: 0 },
});
`;
const point = { file: 'points.safetensors' };
const from = { file: 'starts.safetensors', normalize: false };

beforeAll(async () => {
  folder = await workFolder();
  await writeRing(folder);
  const numbered = (letter: string, count: number) =>
    Array.from({ length: count }, (_, k) => `${letter}${k}`);
  const at = (count: number) => Array.from({ length: count }, (_, k) => pointOf(k % ITEMS));
  await writeFile(join(folder, 'ring/points.safetensors'), points(numbered('i', ITEMS), at(ITEMS)));
  await writeFile(join(folder, 'ring/starts.safetensors'), points(numbered('u', USERS - 5), at(USERS - 5)));
  await writeFile(join(folder, 'points.mjs'), config({ point }, { from }));
  trained = lastLine(await towerkit(['train', '--config', 'points.mjs', '--json'], folder));
});
afterAll(() => removeFolder(folder));

describe('vectors of files', () => {
  test('the JSON says how they fit, and the artifact evaluates to the figures of the training', async () => {
    expect(trained.dataset.vectors).toEqual({
      item: { point: { dimensions: 2, items_without_vector: 0, vectors_of_none: 0 } },
      user: { from: { dimensions: 2, users_without_vector: 5, vectors_of_none: 0 } },
    });
    const { metrics } = lastLine(
      await towerkit(['evaluate', '--artifact', trained.artifact, '--json'], folder),
    );
    for (const [name, { value }] of Object.entries<{ value: number }>(metrics))
      expect(value).toBeCloseTo(trained.metrics[name].value, 5);
  });

  test('say who asks, as a JSON array', async () => {
    const asked = (...args: string[]) =>
      towerkit(['recommend', '--artifact', trained.artifact, '--json', '-k', '3', ...args], folder);
    const { items, source } = lastLine(await asked('--user-features', `from=${JSON.stringify(pointOf(7))}`));
    expect(source).toBe('two-tower');
    expect(items).toHaveLength(3);
    expect(
      lastLine(
        await asked('--user', 'u7', '--user-features', `from=${JSON.stringify(pointOf(7).map(Math.fround))}`),
      ).items,
    ).toEqual(lastLine(await asked('--user', 'u7')).items);
    for (const [code, value] of [
      ['BAD_USAGE', 'north'],
      ['BAD_FEATURE', '[1]'],
      ['BAD_FEATURE', '3'],
    ])
      // prettier-ignore
      expect((await asked('--user-features', `from=${value}`)).stderr).toMatch(new RegExp(`^error ${code}: `));
  });

  test('of new items', async () => {
    await writeFile(join(folder, 'new.csv'), 'id\nn1\nn2\n');
    await writeFile(join(folder, 'new.safetensors'), points(['n2'], [pointOf(3)]));
    const add = (...args: string[]) =>
      towerkit(
        ['add-items', '--artifact', trained.artifact, '--items', 'new.csv', '--json', ...args],
        folder,
      );
    for (const args of [
      ['--vectors', 'point'],
      ['--vector-ids', 'point=new.txt'],
      ['--vectors', 'point=a.npy', '--vectors', 'point=b.npy'],
    ])
      expect((await add(...args)).stderr).toMatch(/^error BAD_USAGE: /);
    const run = await add('--vectors', 'point=new.safetensors');
    expect(run.stderr).toContain('point: 1 of 2 items have no vector');
    expect(lastLine(run)).toMatchObject({ added: 2, without_vector: { point: 1 } });
  });
});

test.each([
  [
    'NO_OVERLAP',
    'starts.safetensors has none of the 40 items of the interactions',
    { point: { file: 'starts.safetensors' } },
  ],
  ['FILE_NOT_FOUND', 'there is no file', { point: { file: 'absent.npy' } }],
  ['UNKNOWN_FORMAT', 'cannot read vectors from', { point: { file: 'items.csv' } }],
])('%s: nothing is left behind', async (code, message, vectors) => {
  await writeFile(join(folder, 'bad.mjs'), config(vectors, { from }));
  const { status, stderr } = await towerkit(['train', '--config', 'bad.mjs', '--out', 'bad'], folder);
  expect(status).toBe(2);
  expect(stderr).toContain(`error ${code}: `);
  expect(stderr).toContain(message);
  expect((await filesIn(folder)).filter((name) => /^bad($|\/)/.test(name))).toEqual([]);
});
