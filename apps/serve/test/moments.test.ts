import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { artifact, BIN, scratch, startServer, type TestServer } from './setup/server.js';

const DEVICES = ['phone', 'tv'];
let server: TestServer;
let remove: () => Promise<void>;

/** Sixty users who take one of ten items of the hour and the device, whatever they took before. */
function takenLines(): string[] {
  const rng = new Rng(2);
  return Array.from({ length: 60 }, (_, user) =>
    Array.from({ length: 8 }, (_, step) => {
      const [hour, device] = [rng.integer(2) ? '08' : '20', DEVICES[rng.integer(2)]];
      return `u${user},${device}${Number(hour)}-${rng.integer(10)},2024-01-${11 + step}T${hour}:30,${device}`;
    }),
  ).flat();
}

const CONFIG = `
import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';
export default defineConfig({
  name: 'moments',
  data: {
    path: '.',
    dataset: { file: 'taken.csv', columns: { user: 'who', item: 'what', time: 'at' } },
    moment: { time: ['hour'], features: { categories: { device: {} } } },
  },
  model: ({ moment }) =>
    twoTower({
      item: itemTower({ dimensions: 8 }),
      user: gruTower({ dimensions: 8, dropout: 0, inputs: moment.inputs }),
    }),
  batchSize: 64,
  negatives: [{ kind: 'uniform', count: 20 }],
  optimizer: { learningRate: 0.03 },
  epochs: 12,
  earlyStopping: false,
  threads: 1,
  examples: 0,
});
`;

beforeAll(async () => {
  const own = await scratch();
  remove = own.remove;
  const run = (...args: string[]) =>
    promisify(execFile)(process.execPath, [BIN, ...args], { cwd: own.folder });
  await writeFile(join(own.folder, 'taken.csv'), `${['who,what,at,device', ...takenLines()].join('\n')}\n`);
  await writeFile(join(own.folder, 'moments.mjs'), CONFIG);
  await run('train', '--config', 'moments.mjs');
  const moments = join(own.folder, 'artifacts/moments');
  await run('index', '--artifact', moments, '--driver', 'hnsw');
  server = await startServer(own.folder, { artifacts: [moments, artifact('popularity')], split: [50, 50] });
});
afterAll(async () => {
  await server?.stop();
  await remove();
});

const ask = (body: object) => server.post('/v1/recommendations', { k: 3, model: 'moments', ...body });
const idsOf = ({ body }: Awaited<ReturnType<typeof ask>>) =>
  (body.items as { id: string }[]).map(({ id }) => id);

test('the moment decides the answer: said, of a time, or in a URL', async () => {
  for (const hour of [8, 20])
    for (const device of DEVICES) {
      const said = await ask({ user: 'u4', context: { hour, device } });
      expect([said.status, said.body.source]).toEqual([200, 'two-tower']);
      for (const id of idsOf(said)) expect(id).toMatch(new RegExp(`^${device}${hour}-`));
      const at = `2024-05-01T${String(hour + 2).padStart(2, '0')}:10:00+02:00`;
      expect(idsOf(await ask({ user: 'u4', context: { device }, at }))).toEqual(idsOf(said));
      const query = new URLSearchParams({
        ...{ user: 'u4', k: '3', model: 'moments' },
        context: JSON.stringify({ hour: String(hour), device }),
      });
      expect(idsOf(await server.get(`/v1/recommendations?${query}`))).toEqual(idsOf(said));
    }
});

test('the hour is that of the present where it is not said', async () => {
  const hour = () => new Date().getUTCHours();
  const [before, now, after] = [hour(), await ask({ user: 'u4', context: { device: 'tv' } }), hour()];
  const said = await Promise.all(
    [before, after].map((hour) => ask({ user: 'u4', context: { device: 'tv', hour } })),
  );
  expect(said.map(idsOf)).toContainEqual(idsOf(now));
});

test('many questions at once each have their own moment', async () => {
  const moments = Array.from({ length: 40 }, (_, n) => ({
    hour: n % 2 ? 8 : 20,
    device: DEVICES[(n >> 1) % 2],
  }));
  const answers = await Promise.all(moments.map((context) => ask({ history: ['tv8-1'], context })));
  answers.forEach((answer, n) => {
    const { hour, device } = moments[n];
    for (const id of idsOf(answer)) expect(id.startsWith(`${device}${hour}-`)).toBe(true);
  });
});

test.each([
  [422, 'MISSING_CONTEXT', {}],
  [422, 'MISSING_CONTEXT', { context: { hour: 8 } }],
  [422, 'UNKNOWN_CONTEXT', { context: { device: 'tv', colour: 'red' } }],
  [422, 'BAD_CONTEXT', { context: { device: true } }],
  [422, 'BAD_CONTEXT', { context: { device: 'tv', hour: 8.5 } }],
  [422, 'NO_CONTEXT', { model: 'popularity', context: { device: 'tv' } }],
  [400, 'BAD_REQUEST', { context: { device: ['tv'] } }],
  [400, 'BAD_REQUEST', { context: 'tv' }],
  [400, 'BAD_REQUEST', { context: { device: 'tv' }, at: 'noon' }],
])('%i %s %j', async (status, code, body) => {
  const answer = await ask({ user: 'u1', ...body });
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(String(answer.body.detail)).not.toContain('\n');
});

test('in an experiment a model that reads no moments is asked without', async () => {
  const arms = new Set<unknown>();
  for (let n = 0; n < 20; n++) {
    const { status, body } = await server.post('/v1/recommendations', {
      user: `v${n}`,
      context: { device: 'tv' },
    });
    expect(status).toBe(200);
    arms.add(body.model);
  }
  expect(arms).toEqual(new Set(['moments', 'popularity']));
});

test('/v1/models says what each reads of the moment, and the document what a question may say', async () => {
  const { models } = (await server.get('/v1/models')).body as { models: Record<string, unknown>[] };
  const [moments, popularity] = models;
  expect(moments).toMatchObject({ index: 'hnsw', context: { device: 'text', hour: 'time' } });
  expect(moments.reads).toContain('context');
  expect(popularity.reads).not.toContain('context');
  expect(popularity.context).toBeUndefined();
  const { components } = (await server.get('/openapi.json')).body as any; // eslint-disable-line @typescript-eslint/no-explicit-any
  expect(Object.keys(components.schemas.Question.properties)).toEqual(
    expect.arrayContaining(['context', 'at']),
  );
});
