import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { BIN, scratch, startServer, type TestServer } from './setup/server.js';
import { TAKEN } from './setup/tastes.js';

let server: TestServer;
let folder: string;
let remove: () => Promise<void>;

/** A tower that knows people by their ids, and reads no history. */
beforeAll(async () => {
  ({ folder, remove } = await scratch());
  await writeFile(join(folder, 'taken.csv'), ['who,what,at', ...TAKEN, ''].join('\n'));
  await writeFile(
    join(folder, 'ids.mjs'),
    `import { defineConfig, itemTower, sumTower, twoTower } from 'towerkit';
    export default defineConfig({
      name: 'ids',
      data: { path: '.', dataset: { file: 'taken.csv', columns: { user: 'who', item: 'what', time: 'at' } } },
      start: { als: {}, users: 'als' },
      model: () =>
        twoTower({
          item: itemTower({ dimensions: 8 }),
          user: sumTower({ dimensions: 8, inputs: { id: { kind: 'embedding', of: 'id', dimensions: 8 } } }),
        }),
      batchSize: 32,
      negatives: [{ kind: 'uniform', count: 8 }],
      epochs: 3,
      threads: 1,
    });`,
  );
  await promisify(execFile)(process.execPath, [BIN, 'train', '--config', 'ids.mjs'], { cwd: folder });
  server = await startServer(folder, { artifacts: [join(folder, 'artifacts/ids')] });
});
afterAll(async () => {
  await server?.stop();
  await remove();
});

const ask = async (body: object) => (await server.post('/v1/recommendations', { k: 4, ...body })).body;
const idsOf = (body: Record<string, unknown>) => (body.items as { id: string }[]).map(({ id }) => id);

test('a known user is answered by the tower', async () => {
  const body = await ask({ user: 'u0' });
  expect(body.source).toBe('two-tower');
  expect(idsOf(body)).not.toEqual(idsOf(await ask({ user: 'u1' })));
});

test('a history says nothing of somebody unknown: what is popular, without it unless repeats are allowed', async () => {
  const popular = idsOf(await ask({ user: 'nobody', k: 16 }));
  const history = popular.slice(0, 2);
  const body = await ask({ history });
  expect(body.source).toBe('popularity');
  expect(idsOf(body)).toEqual(popular.slice(2, 6));
  const again = await ask({ history, repeats: 'allow' });
  expect([again.source, idsOf(again)]).toEqual(['popularity', popular.slice(0, 4)]);
  const only = await ask({ history, repeats: 'only' });
  expect([only.source, idsOf(only)]).toEqual(['popularity', history]);
});

test('nothing of a history is a reason', async () => {
  const { items } = await ask({ user: 'u0', explain: true });
  for (const item of items as object[]) expect(item).not.toHaveProperty('reason');
  const { models } = (await server.get('/v1/models')).body;
  expect(models).toMatchObject([{ name: 'ids', explains: false }]);
});
