import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Matrix } from '@towerkit/core';
import { writeVectors } from '@towerkit/data';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ITEMS, lastLine, removeFolder, ringConfig, towerkit, workFolder, writeRing } from './command.js';

let folder: string;
beforeAll(async () => {
  folder = await workFolder();
  await writeRing(folder, { baselines: { lightgcn: { factors: 8, epochs: 2 } } });
  await mkdir(join(folder, 'made'));
});
afterAll(() => removeFolder(folder));

const train = async (name: string, start: object, ...flags: string[]) => {
  await writeFile(join(folder, `${name}.mjs`), ringConfig({ name, start, epochs: 1 }));
  return towerkit(['train', '--config', `${name}.mjs`, '--json', ...flags], folder);
};

test('a tower that starts from a LightGCN, whose place is relative to the config', async () => {
  const graph = await towerkit(
    ['baseline', 'lightgcn', '--config', 'ring.mjs', '--out', 'made/graph', '--json'],
    folder,
  );
  expect(graph.status).toBe(0);
  const run = await train('started', { items: { from: 'made/graph' } }, '--refit');
  expect(run.stderr.match(/^start: .*$/gm)).toEqual([
    `start: vectors of ${ITEMS} items from graph; 0 items start anew`,
  ]);
  const { start, epochs } = lastLine(run);
  expect(start).toEqual([{ side: 'item', from: 'graph', matched: ITEMS, fresh: 0 }]);
  const plain = lastLine(await train('plain', { als: {} }));
  expect(epochs[0].loss).not.toBe(plain.epochs[0].loss);
  expect(plain).not.toHaveProperty('start');
  const answer = await towerkit(
    ['recommend', '--artifact', 'artifacts/started', '--history', 'i3', '--json'],
    folder,
  );
  expect(lastLine(answer).source).toBe('two-tower');
});

test('from a file with ids beside it; what does not fit is one line, and nothing is left', async () => {
  const some = Array.from({ length: 30 }, (_, item) => `i${item}`);
  const values = Float32Array.from({ length: 30 * 8 }, (_, i) => Math.sin(i));
  await writeVectors(join(folder, 'made/own.npy'), new Matrix(30, 8, values), some);
  const run = await train('own', { items: { from: 'made/own.npy', ids: 'made/own.ids.txt' } });
  expect(run.stderr).toContain('start: vectors of 30 items from own.npy; 10 items start anew');
  await writeVectors(join(folder, 'made/thin.safetensors'), new Matrix(30, 4, values.slice(0, 120)), some);
  for (const [code, start] of [
    ['SHAPE_MISMATCH', { items: { from: 'made/thin.safetensors' } }],
    ['BAD_CONFIG', { users: { from: 'made/thin.safetensors' } }],
    ['FILE_NOT_FOUND', { items: { from: 'made/absent.npy' } }],
    ['UNKNOWN_FORMAT', { items: { from: 'ring/items.csv' } }],
  ] as const) {
    const { status, stderr } = await train('bad', start);
    expect([status, stderr]).toEqual([2, expect.stringContaining(`error ${code}: `)]);
  }
});
