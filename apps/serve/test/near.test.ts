import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { artifact, BIN, scratch, startServer, type TestServer } from './setup/server.js';

let server: TestServer;
let remove: () => Promise<void>;

/** A street of twenty cafes, one every kilometre to the north; the last is not on the map. */
const cafes = Array.from({ length: 20 }, (_, n) =>
  n === 19 ? `cafe${n},,` : `cafe${n},${48 + n * 0.0089932},16`,
);

/** Thirty people who go to the five next to where they are. */
const visits = Array.from({ length: 30 }, (_, user) =>
  Array.from({ length: 5 }, (_, step) => `p${user},cafe${((user % 15) + step) % 20},${1_700_000_000 + step}`),
).flat();

beforeAll(async () => {
  const own = await scratch();
  remove = own.remove;
  await writeFile(join(own.folder, 'cafes.csv'), ['id,latitude,longitude', ...cafes, ''].join('\n'));
  await writeFile(join(own.folder, 'visits.csv'), ['user,item,time', ...visits, ''].join('\n'));
  await writeFile(
    join(own.folder, 'cafes.mjs'),
    `export default {
      name: 'cafes',
      data: { path: '.', dataset: { file: 'visits.csv', columns: { user: 'user', item: 'item', time: 'time' }, catalog: { file: 'cafes.csv', columns: { id: 'id', latitude: 'latitude', longitude: 'longitude' } } } },
      baselines: { als: { factors: 4 } },
    };`,
  );
  const run = promisify(execFile);
  await run(process.execPath, [BIN, 'baseline', 'als', '--config', 'cafes.mjs', '--out', 'cafes'], {
    cwd: own.folder,
  });
  server = await startServer(own.folder, { artifacts: [join(own.folder, 'cafes'), artifact('popularity')] });
});
afterAll(async () => {
  await server?.stop();
  await remove();
});

type Items = { id: string; distanceKm?: number }[];
const near = { lat: 48, lon: 16 };
const ask = async (body: object) => {
  const answer = await server.post('/v1/recommendations', { k: 20, model: 'cafes', ...body });
  return { ...answer, items: answer.body.items as Items };
};

test('only what lies around is answered, with its distance, for anybody, also asked by a URL', async () => {
  const body = { history: ['cafe18'], near: { ...near, radiusKm: 3.5 } };
  const { items } = await ask(body);
  expect(items.map(({ id }) => id).sort()).toEqual(['cafe0', 'cafe1', 'cafe2', 'cafe3']);
  for (const { id, distanceKm } of items) expect(distanceKm).toBeCloseTo(Number(id.slice(4)), 2);
  const query = new URLSearchParams({
    k: '20',
    model: 'cafes',
    history: 'cafe18',
    near: JSON.stringify(body.near),
  });
  expect((await server.get(`/v1/recommendations?${query}`)).body.items).toEqual(items);
  const unknown = await ask({ user: 'nobody', near: { ...near, radiusKm: 1.5 } });
  expect([unknown.body.source, unknown.items.map(({ id }) => id).sort()]).toEqual([
    'popularity',
    ['cafe0', 'cafe1'],
  ]);
  const filtered = await ask({ ...body, filter: { training_count: { lt: 0 } } });
  expect([filtered.status, filtered.items]).toEqual([200, []]);
});

test('without a radius all are ranked, and distance counts as it is asked to', async () => {
  const { items } = await ask({ history: ['cafe17'], near });
  expect(items).toHaveLength(19);
  expect(items.find(({ id }) => id === 'cafe19')).not.toHaveProperty('distanceKm');
  expect(Number(items[0].id.slice(4))).toBeGreaterThan(10);
  const close = await ask({ history: ['cafe17'], near: { ...near, decay: 100 } });
  expect(close.items.slice(0, 5).map(({ id }) => id)).toEqual([0, 1, 2, 3, 4].map((n) => `cafe${n}`));
});

test.each([
  [{ lat: 116, lon: 48 }, 400, 'near/lat'],
  [{ lat: 48 }, 400, 'near/lon'],
  [{ ...near, radiusKm: 0 }, 400, 'near/radiusKm'],
  [{ ...near, radius: 2 }, 400, 'radius'],
])('%j: %d', async (near, status, said) => {
  const answer = await ask({ history: ['cafe1'], near });
  expect([answer.status, JSON.stringify(answer.body)]).toEqual([status, expect.stringContaining(said)]);
});

test('a model whose items have no place says so', async () => {
  const answer = await ask({ history: [], model: 'popularity', near });
  expect([answer.status, answer.body.code]).toEqual([422, 'NO_PLACES']);
});
