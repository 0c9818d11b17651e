import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

import type { Answer } from '../src/schemas/recommendations.js';
import { BIN, scratch, startServer, type TestServer } from './setup/server.js';

const ITEMS = 30;
const CONFIG = `
import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';
export default defineConfig({
  name: 'ring',
  data: { path: 'old.csv', dataset: { columns: { user: 'who', item: 'what', time: 'when' } } },
  model: () => twoTower({ item: itemTower({ dimensions: 8 }), user: gruTower({ dimensions: 8 }) }),
  batchSize: 64, epochs: 6, threads: 1, examples: 0,
  negatives: [{ kind: 'uniform', count: 20 }],
  optimizer: { learningRate: 0.02, schedule: 'constant' },
});`;

let folder: string;
let remove: () => Promise<void>;
let server: TestServer | undefined;
beforeAll(async () => {
  ({ folder, remove } = await scratch());
  const walk = (user: string, from: number, steps: number, size: number, at: number) =>
    Array.from({ length: steps }, (_, step) => `${user},i${(from + step) % size},${at + step}`);
  const old = Array.from({ length: 60 }, (_, user) => walk(`u${user}`, user, 6, ITEMS, 0)).flat();
  await writeFile(join(folder, 'old.csv'), ['who,what,when', ...old, ''].join('\n'));
  // Three items come after the last one; the newcomers walk there.
  const news = Array.from({ length: 24 }, (_, n) => walk(`new${n}`, ITEMS - 3 + (n % 3), 4, ITEMS + 3, 100));
  await writeFile(join(folder, 'new.csv'), ['who,what,when', ...news.flat(), 'u1,i12,100', ''].join('\n'));
  await writeFile(
    join(folder, 'next.csv'),
    `who,what\n${Array.from({ length: 24 }, (_, n) => `new${n},i${(ITEMS + 1 + (n % 3)) % (ITEMS + 3)}`).join('\n')}\nu1,i13\n`,
  );
  await writeFile(join(folder, 'ring.mjs'), CONFIG);
  await towerkit('train', '--config', 'ring.mjs', '--out', 'ring');
});
afterAll(async () => {
  await server?.stop();
  await remove();
});

/** The command's last line as JSON. */
async function towerkit(...args: string[]) {
  const { stdout } = await promisify(execFile)(process.execPath, [BIN, ...args, '--json'], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
}

test('an artifact is updated while it is served; the server then knows new users and items', async () => {
  server = await startServer(folder, { artifacts: [join(folder, 'ring')] });
  const ask = async (body: object) => (await server!.post<Answer>('/v1/recommendations', body)).body;
  expect(await ask({ user: 'new1' })).toMatchObject({ source: 'popularity', history: 0 });
  expect(await ask({ history: ['i32'] })).toMatchObject({ unknown_items: ['i32'] });
  const before = await ask({ history: ['i3'] });

  const evaluate = ['evaluate', '--artifact', 'ring', '--targets', 'next.csv', '--metrics', 'recall@5'];
  expect(await towerkit(...evaluate)).toMatchObject({ users: 1, unknown: { users: 24, items: 2 } });
  const update = ['update', '--artifact', 'ring', '--data', 'new.csv', '--config', 'ring.mjs'];
  const said = await towerkit(...update, '--epochs', '6');
  expect(said).toMatchObject({
    ...{ artifact: 'ring', applied: true, interactions: 97, held_back: 60 },
    ...{ users: { added: 24, total: 84 }, items: { added: 3, total: ITEMS + 3 } },
  });
  expect(await towerkit(...update)).toMatchObject({ applied: false });
  const found = await towerkit(...evaluate);
  expect(found).toMatchObject({ users: 25, unknown: { users: 0, items: 0 } });
  expect(found.metrics['recall@5'].value).toBeGreaterThan(0.5);

  // The server looks for new artifacts by itself.
  for (let tries = 0; tries < 200; tries++) {
    if ((await ask({ history: ['i3'] })).version !== before.version) break;
    await wait(100);
  }
  expect(await ask({ user: 'new1' })).toMatchObject({ source: 'two-tower', history: 4 });
  const after = await ask({ history: ['i28', 'i29'], k: 5 });
  expect(after.version).not.toBe(before.version);
  expect(after.items.map(({ id }) => id)).toContain('i30');
});
