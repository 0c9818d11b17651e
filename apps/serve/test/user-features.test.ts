import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { artifact, BIN, scratch, startServer, type TestServer } from './setup/server.js';
import { TAKEN, TASTES, USERS } from './setup/tastes.js';

let server: TestServer;
let remove: () => Promise<void>;

/** Users of two tastes, which a table says. */
beforeAll(async () => {
  const own = await scratch();
  remove = own.remove;
  const write = (name: string, lines: string[]) => writeFile(join(own.folder, name), `${lines.join('\n')}\n`);
  await write('taken.csv', ['who,what,at', ...TAKEN]);
  await write('people.csv', ['who,taste', ...USERS.map(({ user, taste }) => `u${user},${taste}`)]);
  const config = {
    name: 'known',
    data: {
      path: '.',
      dataset: { file: 'taken.csv', columns: { user: 'who', item: 'what', time: 'at' } },
      users: { file: 'people.csv', features: { categories: { taste: {} } } },
    },
    ...{ batchSize: 32, negatives: [{ kind: 'uniform', count: 8 }], epochs: 10, threads: 1, examples: 0 },
    optimizer: { learningRate: 0.03 },
  };
  await write('known.json', [JSON.stringify(config)]);
  await promisify(execFile)(process.execPath, [BIN, 'train', '--config', 'known.json'], { cwd: own.folder });
  server = await startServer(own.folder, {
    artifacts: [join(own.folder, 'artifacts/known'), artifact('popularity')],
  });
});
afterAll(async () => {
  await server?.stop();
  await remove();
});

const ask = (body: object) => server.post('/v1/recommendations', { k: 3, model: 'known', ...body });

test('somebody known by features alone is answered by the tower, and by what they say', async () => {
  for (const taste of TASTES) {
    const { status, body } = await ask({ user_features: { taste } });
    expect([status, body.source]).toEqual([200, 'two-tower']);
    for (const { id } of body.items as { id: string }[]) expect(id).toMatch(new RegExp(`^${taste}`));
  }
  const { body } = await ask({ user: 'a newcomer', user_features: { taste: 'nothing known' } });
  expect(body.source).toBe('popularity');
});

test('a known user is their row, until the question says otherwise', async () => {
  const items = async (body: object) => (await ask(body)).body.items;
  const known = await items({ user: 'u0' });
  expect(await items({ user: 'u0', user_features: { taste: 'tea' } })).toEqual(known);
  expect(await items({ user: 'u0', user_features: { taste: 'lamp' } })).not.toEqual(known);
});

test.each([
  [422, 'UNKNOWN_FEATURE', { size: 3 }],
  [422, 'UNKNOWN_FEATURE', { toString: 'x' }],
  [422, 'BAD_FEATURE', { taste: 3 }],
  [400, 'BAD_REQUEST', { taste: ['tea'] }],
  [400, 'BAD_REQUEST', 'tea'],
])('%i %s', async (status, code, user_features) => {
  const answer = await ask({ user_features });
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});

test('a model that reads none says so, and /v1/models which do', async () => {
  const { status, body } = await ask({ model: 'popularity', user_features: { taste: 'tea' } });
  expect([status, body.code]).toEqual([422, 'NO_CONTENT']);
  const models = (await server.get('/v1/models')).body.models as { name: string; reads: string[] }[];
  const reads = Object.fromEntries(models.map((one) => [one.name, one.reads]));
  expect(reads.known).toContain('user_features');
  expect(reads.popularity).not.toContain('user_features');
});
