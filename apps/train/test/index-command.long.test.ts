import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadIndex } from '@towerkit/retrieval';
import { verifyArtifact } from '@towerkit/artifact';
import { TwoTowerRecommender } from '@towerkit/recommend';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { filesIn, ITEMS, lastLine, removeFolder, towerkit, workFolder, writeRing } from './command.js';

let folder: string;
const artifact = () => join(folder, 'artifacts/ring');
const index = (...args: string[]) =>
  towerkit(['index', '--artifact', 'artifacts/ring', '--json', ...args], folder);

beforeAll(async () => {
  folder = await workFolder();
  await writeRing(folder);
  expect((await towerkit(['train', '--config', 'ring.mjs', '--json'], folder)).status).toBe(0);
});
afterAll(() => removeFolder(folder));

test.each(['exact', 'ivf', 'hnsw'])(
  '%s: the index is in the artifact and answers as the model does',
  async (driver) => {
    const run = await index('--driver', driver, '--recall', '0.95');
    expect(run.status).toBe(0);
    expect(lastLine(run)).toEqual({
      driver,
      settings: expect.any(Object),
      items: ITEMS,
      dimensions: 9,
      recall: expect.any(Number),
      reached: true,
      p50_us: expect.any(Number),
      p99_us: expect.any(Number),
      build_seconds: expect.any(Number),
      bytes: expect.any(Number),
    });
    expect(lastLine(run).recall).toBeGreaterThanOrEqual(0.9);

    const { files } = (await verifyArtifact(artifact())).manifest; // every checksum holds
    expect(Object.keys(files).some((name) => name.startsWith('index/'))).toBe(true);
    const opened = await loadIndex(join(artifact(), 'index'));
    const model = await TwoTowerRecommender.load(artifact(), { threads: 1 });
    const history = [3, 4, 6];
    const vector = await model.userVectors([history]);
    const found = await opened.search(vector.row(0), 5, { filter: { deny: history } });
    const [best] = await model.recommend([history], 5);
    expect(Array.from(found.ids)).toEqual(Array.from(best.items));
    const dear = await opened.search(vector.row(0), 5, { filter: { where: { price: { gt: 20 } } } });
    for (const id of dear.ids) expect(id).toBeGreaterThan(20); // the price of item i is i, where it has one
    await opened.close();
    await model.dispose();
  },
);

test('an index of ALS, and none of a model without vectors', async () => {
  await towerkit(['baseline', 'als', '--config', 'ring.mjs', '--out', 'als', '--json'], folder);
  const run = await towerkit(['index', '--artifact', 'als', '--json'], folder);
  expect(lastLine(run)).toMatchObject({ driver: 'exact', items: ITEMS, dimensions: 16, recall: 1 });
  await towerkit(['baseline', 'popularity', '--config', 'ring.mjs', '--out', 'popular', '--json'], folder);
  const refused = await towerkit(['index', '--artifact', 'popular'], folder);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toMatch(/^error NO_VECTORS/);
});

test('what the user can mend is one line, and the artifact stays as it was', async () => {
  const before = await readFile(join(artifact(), 'manifest.json'), 'utf8');
  for (const [args, code] of [
    [['--driver', 'tree'], 'BAD_USAGE'],
    [['--recall', '1.5'], 'BAD_USAGE'],
    [['--url', 'postgres://nowhere'], 'BAD_USAGE'],
    [['--driver', 'pgvector', '--url', 'postgres://user:secret@127.0.0.1:1/none'], 'UNAVAILABLE'],
  ] as const) {
    const run = await index(...args);
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(new RegExp(`^error ${code}: `, 'm'));
    expect(run.stderr).not.toContain('secret');
  }
  expect(await readFile(join(artifact(), 'manifest.json'), 'utf8')).toBe(before);
  expect((await filesIn(join(folder, 'artifacts'))).filter((name) => name.includes('.tmp'))).toEqual([]);
});
