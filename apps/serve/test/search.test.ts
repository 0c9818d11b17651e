import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { BIN, scratch, startServer, type TestServer } from './setup/server.js';

interface Found {
  readonly items: readonly { id: string; title?: string; score: number; lexical?: number; tower?: number }[];
  readonly source: string;
  readonly code?: string;
}

const COLORS = ['black', 'white', 'red', 'oak'];
const THINGS = ['cordless drill', 'claw hammer', 'ceiling fan', 'door lock'];
const ASKED = ['boring machine', 'nail basher', 'air mover', 'entry bolt'];

const CONFIG = `export default {
  extends: 'search',
  name: 'tools',
  threads: 1,
  epochs: 5,
  search: {
    judgments: { file: 'judged.csv', columns: { query: 'q', product: 'sku', label: 'l' }, labels: { table: { yes: 1, no: 0 } } },
    products: { file: 'goods.csv', columns: { id: 'id', title: 'title', color: 'color' } },
    tower: { dimensions: 32, minCount: 1 },
  },
};
`;

describe('a server of a search', () => {
  let server: TestServer;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    const own = await scratch();
    remove = own.remove;
    const data = join(own.folder, 'data');
    await mkdir(data);
    const goods = THINGS.flatMap((thing, t) =>
      COLORS.map((color, c) => `${t}${c},${color} ${thing},${color}`),
    );
    const judged = ['', ' pro', ' new'].flatMap((more) =>
      ASKED.flatMap((asked, t) =>
        COLORS.flatMap((color, c) => [
          `${color} ${asked}${more},${t}${c},yes`,
          `${color} ${asked}${more},${(t + 1) % 4}${c},no`,
        ]),
      ),
    );
    await writeFile(join(data, 'goods.csv'), `id,title,color\n${goods.join('\n')}\n`);
    await writeFile(join(data, 'judged.csv'), `q,sku,l\n${judged.join('\n')}\n`);
    await writeFile(join(own.folder, 'tools.mjs'), CONFIG);
    const args = [BIN, 'train', '--config', 'tools.mjs', '--data', 'data', '--out', 'tools'];
    await promisify(execFile)(process.execPath, args, { cwd: own.folder });
    server = await startServer(own.folder, { artifacts: [join(own.folder, 'tools')] });
  });
  afterAll(async () => {
    await server?.stop();
    await remove();
  });

  test('finds products by words that no title has, by GET and by POST', async () => {
    const { body, status } = await server.get<Found>('/v1/search?q=nail%20basher&k=4');
    expect(status).toBe(200);
    expect(body.source).toBe('text');
    expect(body.items.filter(({ title }) => title?.includes('hammer')).length).toBeGreaterThanOrEqual(3);
    for (const { lexical, tower } of body.items) expect([lexical, tower! <= 1.0001]).toEqual([0, true]);
    const posted = await server.post<Found>('/v1/search', { q: 'nail basher', k: 4 });
    expect(posted.body.items).toEqual(body.items);
  });

  test('a history shifts the order; ids that are not known are left out', async () => {
    const first = async (history: string[]) =>
      (await server.post<Found>('/v1/search', { q: 'claw hammer', history })).body.items[0].title;
    for (const [c, color] of COLORS.entries())
      expect(await first([`0${c}`, `2${c}`, `3${c}`, 'gone'])).toBe(`${color} claw hammer`);
  });

  test("a user's events shift it, too; of somebody without any nothing is known", async () => {
    const first = async (more: object) =>
      (await server.post<Found>('/v1/search', { q: 'claw hammer', ...more })).body.items[0].title;
    const [c, color] = [...COLORS.entries()].at(-1)!;
    for (const item of [`0${c}`, `2${c}`, `3${c}`])
      expect((await server.post('/v1/events', { user: 'ada', item })).status).toBe(201);
    expect(await first({ user: 'ada' })).toBe(`${color} claw hammer`);
    const { body } = await server.get<Found>('/v1/search?q=claw+hammer&user=ada');
    expect(body.items[0].title).toBe(`${color} claw hammer`);
    expect(await first({ user: 'nobody' })).toBe(await first({}));
  });

  test('a query of 10,000 characters is refused, one of another script finds nothing', async () => {
    const long = await server.post<Found>('/v1/search', { q: 'hammer '.repeat(1_500) });
    expect({ status: long.status, code: long.body.code }).toEqual({ status: 400, code: 'BAD_REQUEST' });
    const { body } = await server.post<Found>('/v1/search', { q: 'молоток' });
    expect(body).toMatchObject({ items: [], source: 'titles' });
  });

  test('keeps to a filter, and says what each score is made of', async () => {
    const { body } = await server.post<Found>('/v1/search', { q: 'red door lock', filter: { color: 'red' } });
    expect(body.items.map(({ title }) => title!.startsWith('red '))).not.toContain(false);
    expect(body.items[0]).toMatchObject({ title: 'red door lock', lexical: expect.any(Number) });
    expect(body.items[0].lexical).toBeGreaterThan(body.items[1].lexical!);
  });

  test.each([
    [{ q: '🔨' }, 'EMPTY_TEXT'],
    [{ q: '' }, 'BAD_REQUEST'],
    [{ q: 'drill', k: 0 }, 'BAD_REQUEST'],
    [{ q: 'drill', history: 'x'.repeat(3) }, 'BAD_REQUEST'],
    [{ q: 'drill', other: 1 }, 'BAD_REQUEST'],
    [{ q: 'drill', filter: { weight: 1 } }, 'BAD_FILTER'],
  ])('%j is refused', async (body, code) => {
    const answer = await server.post<Found>('/v1/search', body);
    expect({ status: Math.floor(answer.status / 100), code: answer.body.code }).toEqual({ status: 4, code });
  });

  test('what is like a product, and recommendations by a text', async () => {
    const similar = await server.get<Found>('/v1/items/10/similar?k=3');
    expect(similar.body.items.map(({ id }) => id)).not.toContain('10');
    const { body } = await server.post<Found>('/v1/recommendations', { text: 'white ceiling fan', k: 1 });
    expect(body.items[0].title).toBe('white ceiling fan');
  });
});
