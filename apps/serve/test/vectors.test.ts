import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Answer } from '../src/schemas/recommendations.js';
import { BIN, scratch, startServer, type TestServer } from './setup/server.js';
import { TAKEN, TASTES, USERS } from './setup/tastes.js';

const tasteOf = (taste: string) => (taste === 'tea' ? [2, 0, 0.5] : [0, 3, 0.5]);

let server: TestServer;
let remove: () => Promise<void>;
let said: string;

/** An array of floats of 32 bits as NumPy saves it. */
function npy(rows: readonly (readonly number[])[]): Buffer {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows.length}, ${rows[0].length}), }`;
  const start = Buffer.alloc(10);
  start.write('\x93NUMPY\x01', 'latin1');
  start.writeUInt16LE(118, 8);
  return Buffer.concat([
    start,
    Buffer.from(`${header.padEnd(117)}\n`),
    Buffer.from(Float32Array.from(rows.flat()).buffer),
  ]);
}

/** Users of two tastes; files of vectors know items and users. */
beforeAll(async () => {
  const own = await scratch();
  remove = own.remove;
  const write = (name: string, content: string | Buffer) => writeFile(join(own.folder, name), content);
  await write('taken.csv', ['who,what,at', ...TAKEN, ''].join('\n'));
  const items = TASTES.flatMap((taste) => Array.from({ length: 7 }, (_, item) => [`${taste}${item}`, taste]));
  await write('pictures.npy', npy([...items.map(([, taste]) => tasteOf(taste)), [1, 1, 1]]));
  await write('pictures.txt', [...items.map(([id]) => id), 'never seen', ''].join('\n'));
  const known = USERS.slice(0, 20);
  await write('tastes.npy', npy(known.map(({ taste }) => tasteOf(taste))));
  await write('tastes.txt', known.map(({ user }) => `u${user}`).join('\n'));
  await write(
    'shown.mjs',
    `import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';
export default defineConfig({
  name: 'shown',
  data: {
    path: '.',
    dataset: { file: 'taken.csv', columns: { user: 'who', item: 'what', time: 'at' } },
    features: { vectors: { picture: { file: 'pictures.npy', ids: 'pictures.txt' } } },
    users: { features: { vectors: { taste: { file: 'tastes.npy', ids: 'tastes.txt' } } } },
  },
  model: ({ vectors, user }) =>
    twoTower({
      item: itemTower({ dimensions: 16, content: vectors }),
      user: gruTower({ dimensions: 16, inputs: user.inputs }),
      idDropout: 0.3,
    }),
  batchSize: 32, negatives: [{ kind: 'uniform', count: 8 }], epochs: 12, threads: 1, examples: 0,
  optimizer: { learningRate: 0.03 },
});
`,
  );
  const command = (...args: string[]) =>
    promisify(execFile)(process.execPath, [BIN, ...args], { cwd: own.folder });
  said = (await command('train', '--config', 'shown.mjs', '--json')).stderr;
  // An item that came after the training, by its picture alone.
  await write('new.csv', 'id\nlamp new\n');
  await write('new.npy', npy([tasteOf('lamp')]));
  await command(
    'add-items',
    '--artifact',
    'artifacts/shown',
    '--items',
    'new.csv',
    '--vectors',
    'picture=new.npy',
  );
  server = await startServer(own.folder, { artifacts: [join(own.folder, 'artifacts/shown')] });
});
afterAll(async () => {
  await server?.stop();
  await remove();
});

const ask = (body: object) =>
  server.post<Answer & { code?: string }>('/v1/recommendations', { k: 5, ...body });
const idsOf = (body: { items: { id: string }[] }) => body.items.map(({ id }) => id);

test('the training says how many have no vector', () => {
  expect(said).toContain('picture: vectors of 3 dimensions; 2 items without a vector, 1 vectors of no item');
  expect(said).toContain('taste: vectors of 3 dimensions; 4 users without a vector, 0 vectors of no user');
});

test('somebody known by a vector alone, and a picture as what somebody likes', async () => {
  for (const taste of TASTES)
    for (const asked of [
      { user_features: { taste: tasteOf(taste) } },
      { features: { picture: tasteOf(taste) } },
    ]) {
      const { status, body } = await ask(asked);
      expect([status, body.source]).toEqual([200, 'two-tower']);
      for (const id of idsOf(body)) expect(id).toMatch(new RegExp(`^${taste}`));
    }
});

test('a known user is who the file says, and the new item is recommended to its own', async () => {
  const items = async (body: object) => (await ask(body)).body.items;
  const known = await items({ user: 'u1' });
  expect(await items({ user: 'u1', user_features: { taste: tasteOf('lamp') } })).toEqual(known);
  expect(await items({ user: 'u1', user_features: { taste: tasteOf('tea') } })).not.toEqual(known);
  const rank = async (taste: string) =>
    idsOf((await ask({ user_features: { taste: tasteOf(taste) }, k: 17 })).body).indexOf('lamp new');
  const [forLamp, forTea] = [await rank('lamp'), await rank('tea')];
  expect(forLamp).toBeGreaterThanOrEqual(0);
  expect(forLamp).toBeLessThan(forTea);
});

test.each([
  [422, 'BAD_FEATURE', { features: { picture: [1, 2] } }],
  [422, 'BAD_FEATURE', { user_features: { taste: [1, 2, 3, 4] } }],
  [422, 'BAD_FEATURE', { user_features: { taste: 'tea' } }],
  [422, 'UNKNOWN_FEATURE', { user_features: { picture: [1, 2, 3] } }],
  [400, 'BAD_REQUEST', { user_features: { taste: [1, 2, '3'] } }],
  [400, 'BAD_REQUEST', { features: { picture: [[1, 2, 3]] } }],
])('%i %s: %j', async (status, code, asked) => {
  const answer = await ask(asked);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});
