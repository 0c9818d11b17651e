import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { BIN, scratch, startServer, type TestServer } from './setup/server.js';

const ITEMS = 12;

let server: TestServer;
let remove: () => Promise<void>;

/** From a file of views, purchases and refusals by the command to a server. */
beforeAll(async () => {
  const own = await scratch();
  remove = own.remove;
  const rows = Array.from({ length: 24 }, (_, user) => {
    const row = (kind: string, item: number, at: number) =>
      `u${user},i${(user + item) % ITEMS},${kind},${at}`;
    return [
      ...[0, 1, 2, 3].flatMap((item) => [row('view', item, 2 * item), row('buy', item, 2 * item + 1)]),
      ...[row('hide', 6, 8), row('view', 8, 9), row('hide', 9, 10)],
    ];
  }).flat();
  await writeFile(join(own.folder, 'log.csv'), ['who,what,how,at', ...rows].join('\n'));
  const config = {
    name: 'fed',
    data: {
      path: 'log.csv',
      dataset: { columns: { user: 'who', item: 'what', time: 'at', kind: 'how' } },
      kinds: { view: { target: false, weight: 0.2 }, buy: {}, hide: { dislike: true } },
    },
    ...{ batchSize: 32, negatives: [{ kind: 'uniform', count: 8 }], epochs: 2, threads: 1, examples: 0 },
  };
  await writeFile(join(own.folder, 'fed.json'), JSON.stringify(config));
  await promisify(execFile)(process.execPath, [BIN, 'train', '--config', 'fed.json'], { cwd: own.folder });
  server = await startServer(own.folder, { artifacts: [join(own.folder, 'artifacts/fed')] });
});
afterAll(async () => {
  await server?.stop();
  await remove();
});

const items = async (body: object) =>
  ((await server.post('/v1/recommendations', { k: ITEMS, ...body })).body.items as { id: string }[])
    .map(({ id }) => id)
    .sort();
const without = (user: number, ...out: number[]) =>
  Array.from({ length: ITEMS }, (_, item) => item)
    .filter((item) => !out.some((one) => (user + one) % ITEMS === item))
    .map((item) => `i${item}`)
    .sort();

test('what users bought or hid is not recommended to them, what they only viewed is', async () => {
  for (const user of [0, 5, 23])
    expect(await items({ user: `u${user}` })).toEqual(without(user, 0, 1, 2, 3, 6, 9));
});

test('events since count as before: a purchase of what was viewed is left out, too', async () => {
  const event = { user: 'u5', item: 'i1', type: 'purchase' }; // the item that u5 viewed last
  expect((await server.post('/v1/events', { events: [event] })).status).toBeLessThan(300);
  expect(await items({ user: 'u5' })).toEqual(without(5, 0, 1, 2, 3, 6, 8, 9));
});

test('somebody with the same history and no dislikes is refused nothing but the history', async () => {
  expect(await items({ history: ['i0', 'i1'] })).toEqual(without(0, 0, 1));
});
