import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Answer } from '../src/schemas/recommendations.js';
import { BIN, scratch, startServer, type TestServer } from './setup/server.js';

/** By hand: what each household bought, in this order; the last row is the target. */
const BASKETS: Readonly<Record<string, readonly string[]>> = {
  ann: ['milk', 'bread', 'milk', 'milk'],
  bob: ['milk', 'tea', 'tea', 'bread'],
  cid: ['rice', 'milk', 'rice', 'milk'],
  dee: ['bread', 'rice', 'bread', 'eggs'],
  eve: ['eggs', 'eggs'],
};

let folder: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ folder, remove } = await scratch());
  const lines = Object.entries(BASKETS).flatMap(([household, products]) =>
    products.map((product, day) => `${household},${product},${day}`),
  );
  await writeFile(join(folder, 'bought.csv'), ['household_id,product_id,day', ...lines].join('\n'));
  const columns = { user: 'household_id', item: 'product_id', time: 'day' };
  const config = {
    name: 'grocer',
    data: { path: 'bought.csv', dataset: { file: 'bought.csv', columns } },
    metrics: ['mrr', 'hr@1'],
    repeats: 'allow',
    examples: 0,
  };
  await writeFile(join(folder, 'grocer.json'), JSON.stringify(config));
  await towerkit('baseline', 'personal-popularity', '--config', 'grocer.json', '--out', 'grocer');
});
afterAll(() => remove());

/** The command's last line as JSON. */
async function towerkit(...args: string[]) {
  const { stdout } = await promisify(execFile)(process.execPath, [BIN, ...args, '--json'], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
}
const evaluate = (...args: string[]) => towerkit('evaluate', '--artifact', 'grocer', ...args);

describe('evaluate', () => {
  // Trained on all rows but the last: milk 4, bread 3, rice 3, tea 2, eggs 1. With repeats Ann's milk is the first, Bob's
  // bread ties with rice behind what he had, Cid's milk is behind his rice, Dee's eggs are the last, Eve's the first.
  test('ranks the history, too, as the artifact was measured', async () => {
    const found = await evaluate();
    expect(found).toMatchObject({
      repeats: 'allow',
      users: 5,
      left_out: { repeat: 0, new_item: 0 },
      left_out_targets: { repeat: 0, new_item: 0 },
    });
    expect(found.metrics['hr@1'].value).toBe(2 / 5);
    expect(found.metrics.mrr.value).toBeCloseTo((1 + 1 / 4 + 1 / 2 + 1 / 5 + 1) / 5, 10);
    expect(found.baselines['personal-popularity']).toEqual(found.metrics);
  });

  test('or the history alone, or all but the history; what that leaves out is counted', async () => {
    const only = await evaluate('--repeats', 'only');
    expect(only).toMatchObject({
      repeats: 'only',
      users: 3,
      left_out: { repeat: 0, new_item: 2 },
      left_out_targets: { repeat: 0, new_item: 2 },
    });
    expect(only.metrics.mrr.value).toBeCloseTo((1 + 1 / 2 + 1) / 3, 10);
    const exclude = await evaluate('--repeats', 'exclude');
    expect(exclude).toMatchObject({
      users: 2,
      left_out: { repeat: 3, new_item: 0 },
      left_out_targets: { repeat: 3, new_item: 0 },
    });
    expect(Object.keys(exclude.baselines)).toEqual(['popularity']);
  });
});

describe('recommend', () => {
  test('to one household and to all', async () => {
    const ids = async (...args: string[]) => {
      const asked = ['recommend', '--artifact', 'grocer', '--user', 'bob', '-k', '2', ...args];
      return (await towerkit(...asked)).items.map(({ id }: { id: string }) => id);
    };
    // All rows are known now: Bob had tea twice, milk and bread once.
    expect(await ids()).toEqual(['tea', 'milk']);
    expect(await ids('--repeats', 'exclude')).toEqual(['rice', 'eggs']);
    const file = ['--all', '--out', 'all.csv', '-k', '9', '--repeats', 'only'];
    await towerkit('recommend', '--artifact', 'grocer', ...file);
    const rows = (await readFile(join(folder, 'all.csv'), 'utf8')).trimEnd().split('\n').slice(1);
    const had = Object.entries(BASKETS).flatMap(([user, all]) =>
      [...new Set(all)].map((item) => `${user},${item}`),
    );
    expect(
      rows
        .map((row) => row.split(','))
        .map(([user, , item]) => `${user},${item}`)
        .sort(),
    ).toEqual(had.sort());
  });
});

describe('the server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(folder, { artifacts: [join(folder, 'grocer')] });
  });
  afterAll(() => server?.stop());
  const ids = async (body: object) =>
    (await server.post<Answer>('/v1/recommendations', body)).body.items.map(({ id }) => id);

  test('answers as the artifact was measured, and as a question says', async () => {
    expect(await ids({ user: 'bob', k: 2 })).toEqual(['tea', 'milk']);
    expect(await ids({ user: 'bob', k: 5, repeats: 'only' })).toEqual(['tea', 'milk', 'bread']);
    expect(await ids({ user: 'bob', k: 5, repeats: 'exclude' })).toEqual(['rice', 'eggs']);
    expect(await ids({ history: ['eggs', 'rice', 'eggs'], repeats: 'only' })).toEqual(['eggs', 'rice']);
    expect(await ids({ user: 'bob', k: 5, repeats: 'only', exclude: ['milk'] })).toEqual(['tea', 'bread']);
    const { body } = await server.get<Answer>('/v1/recommendations?user=bob&k=5&repeats=only');
    expect(body.items.map(({ id }) => id)).toEqual(['tea', 'milk', 'bread']);
  });

  test('what somebody bought since may come again, what they hid may not', async () => {
    const event = (item: string, type: string) => server.post('/v1/events', { user: 'cid', item, type });
    for (const type of ['purchase', 'purchase', 'purchase']) await event('eggs', type);
    await event('milk', 'hide');
    expect(await ids({ user: 'cid', k: 5, repeats: 'only' })).toEqual(['eggs', 'rice']);
    expect(await ids({ user: 'cid', k: 5, repeats: 'allow' })).toEqual(['eggs', 'rice', 'bread', 'tea']);
    expect(await ids({ user: 'cid', k: 5, repeats: 'exclude' })).toEqual(['bread', 'tea']);
  });

  test('refuses another value, and says in its document which there are', async () => {
    for (const repeats of ['both', 1, null]) {
      const { status } = await server.post('/v1/recommendations', { user: 'bob', repeats });
      expect(status).toBe(400);
    }
    expect((await server.get('/v1/recommendations?user=bob&repeats=both')).status).toBe(400);
    const { body } = await server.get<{
      components: { schemas: { Question: { properties: { repeats: { enum: string[] } } } } };
    }>('/openapi.json');
    expect(body.components.schemas.Question.properties.repeats.enum).toEqual(['exclude', 'allow', 'only']);
  });
});
