import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { BIN, scratch, startServer, type TestServer } from './setup/server.js';

let server: TestServer;
let folder: string;
let remove: () => Promise<void>;

/** What each of twenty people bought, in this order. */
const BOUGHT = Array.from({ length: 20 }, (_, user) => [
  ...[0, 0, 0, 0, 1, 2, 2, 1, 1, 3, 2].map((item) => `i${(user + item) % 10}`),
  `i${(user + 7) % 10}`,
]);

const towerkit = async (...given: string[]) => {
  const { stdout } = await promisify(execFile)(process.execPath, [BIN, ...given, '--json'], { cwd: folder });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Record<string, unknown>;
};

beforeAll(async () => {
  ({ folder, remove } = await scratch());
  const rows = BOUGHT.flatMap((items, user) => items.map((item, at) => `u${user},${item},${at}`));
  await writeFile(join(folder, 'bought.csv'), ['who,what,at', ...rows, ''].join('\n'));
  const config = {
    name: 'weekly',
    data: { path: '.', dataset: { file: 'bought.csv', columns: { user: 'who', item: 'what', time: 'at' } } },
    ...{ batchSize: 32, negatives: [{ kind: 'uniform', count: 4 }], epochs: 2, threads: 1, examples: 1 },
    targets: { repeats: false },
    frequency: { bonus: 1000, weight: 100, halfLife: 8 },
    metrics: ['mrr'],
  };
  await writeFile(join(folder, 'weekly.json'), JSON.stringify(config));
  await towerkit('train', '--config', 'weekly.json');
  server = await startServer(folder, { artifacts: [join(folder, 'artifacts/weekly')] });
});
afterAll(async () => {
  await server?.stop();
  await remove();
});

/** Items of a history by how often and how lately they were had, spelled out. */
function wanted(history: readonly string[]): string[] {
  const counts = new Map<string, number>();
  history.forEach((item, place) => {
    const age = history.length - 1 - place;
    counts.set(item, (counts.get(item) ?? 0) + 2 ** (-age / 8));
  });
  return [...counts].sort(([, a], [, b]) => b - a).map(([item]) => item);
}

const idsOf = (answer: Record<string, unknown>) => (answer.items as { id: string }[]).map(({ id }) => id);

test.each([0, 7, 13])(
  'u%i is recommended again what they buy, by the command and over HTTP',
  async (user) => {
    const history = BOUGHT[user];
    const again = wanted(history);
    const { body } = await server.post('/v1/recommendations', { user: `u${user}`, k: 6, repeats: 'allow' });
    expect(idsOf(body).slice(0, 5)).toEqual(again);
    for (const id of idsOf(body).slice(5)) expect(history).not.toContain(id);
    const artifact = ['--artifact', 'artifacts/weekly', '--user', `u${user}`];
    const told = await towerkit('recommend', ...artifact, '--repeats', 'allow', '-k', '6');
    expect(idsOf(told)).toEqual(idsOf(body));
    expect(idsOf(await towerkit('recommend', ...artifact, '--repeats', 'only', '-k', '9'))).toEqual(again);
  },
);

test('what is excluded does not come back', async () => {
  const again = wanted(BOUGHT[0]);
  const { body } = await server.post('/v1/recommendations', {
    ...{ user: 'u0', k: 4, repeats: 'allow' },
    exclude: [again[0]],
  });
  expect(idsOf(body)).toEqual(again.slice(1));
});

test('what comes back is explained by what was had', async () => {
  const { body } = await server.post('/v1/recommendations', {
    ...{ user: 'u0', k: 5, repeats: 'allow', explain: true },
  });
  const items = body.items as { id: string; reason: { history: { id: string; weight: number }[] } }[];
  expect(items.length).toBe(5);
  for (const { id, reason } of items) {
    const [first, ...others] = reason.history;
    expect(first.id).toBe(id);
    expect(first.weight).toBeGreaterThan(900); // it comes up for having been had, and for nothing else
    for (const other of others)
      expect([other.id === id, Math.abs(other.weight) < 100]).toEqual([false, true]);
  }
});

test('new things are those of the towers alone', async () => {
  const { body } = await server.post('/v1/recommendations', { user: 'u0', k: 6 });
  for (const id of idsOf(body)) expect(BOUGHT[0]).not.toContain(id);
  for (const { score } of body.items as { score: number }[]) expect(Math.abs(score)).toBeLessThan(100);
});

test('evaluation ranks by the same scores', async () => {
  const of = ['--artifact', 'artifacts/weekly', '--repeats', 'only'];
  await writeFile(
    join(folder, 'next.csv'),
    ['who,what', ...BOUGHT.map((items, user) => `u${user},${wanted(items)[0]}`), ''].join('\n'),
  );
  const { metrics } = await towerkit('evaluate', ...of, '--targets', 'next.csv', '--metrics', 'mrr');
  expect(metrics).toMatchObject({ mrr: { value: 1 } });
});
