import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readArtifact } from '@towerkit/artifact';
import { AnswerPool, openArtifact } from '@towerkit/recommend';

import type { Answer } from '../src/schemas/recommendations.js';
import { artifact, scratch, startServer, type TestServer } from './setup/server.js';

interface Refusal {
  readonly code: string;
  readonly detail: string;
}

const nested = (depth: number): object => {
  let where: object = { category: 'Music' };
  for (let level = 0; level < depth; level++) where = { not: where };
  return where;
};
/** The same as text: `JSON.stringify` itself does not go so deep. */
const nestedText = (depth: number) => `${'{"not":'.repeat(depth)}{"category":"Music"}${'}'.repeat(depth)}`;

describe('what comes in is held to its limits', () => {
  let server: TestServer;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    const own = await scratch();
    remove = own.remove;
    server = await startServer(own.folder, {
      artifacts: ['text', 'als', 'tower'].map(artifact),
      limits: { reasons: 50 },
    });
  });
  afterAll(async () => {
    await server?.stop();
    await remove();
  });
  const ids = ({ items }: Pick<Answer, 'items'>) => items.map(({ id }) => id);
  const found = async (path: string) => (await server.get<Answer>(path)).body;

  test.each([
    ['5,000 deep', nestedText(5000)],
    ['101 deep', JSON.stringify(nested(101))],
    ['of 1,001 conditions', JSON.stringify({ any: new Array(1001).fill({ category: 'x' }) })],
    ['with a list for a value', '{"category":[[[[]]]]}'],
  ])(
    'a filter %s is BAD_FILTER at every route, and the next question is answered at once',
    async (_, filter) => {
      const refused = { status: 422, body: { code: 'BAD_FILTER' } };
      const short = filter.length < 6000 ? encodeURIComponent(filter) : undefined;
      for (let turn = 0; turn < 4; turn++) {
        expect(
          await server.post('/v1/recommendations', `{"history":["P0001"],"filter":${filter}}`),
        ).toMatchObject(refused);
        if (short)
          for (const path of [
            '/v1/recommendations?k=3',
            '/v1/search?q=camera',
            '/v1/items/P0001/similar?k=2',
          ])
            expect(await server.get(`${path}&filter=${short}`)).toMatchObject(refused);
        expect((await server.post('/v1/recommendations', { history: ['P0001'] })).status).toBe(200);
      }
    },
  );

  test('features: how many, and how long', async () => {
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`f${at}`, 1]));
    for (const features of [many, { title: 'x'.repeat(2001) }, { title: ['x'] }])
      expect(await server.post<Refusal>('/v1/recommendations', { features })).toMatchObject({
        status: 400,
        body: { code: 'BAD_REQUEST', detail: expect.stringContaining('features') as unknown },
      });
  });

  test.each([
    ['/v1/recommendations', { history: ['P0001', 'a\ud800'] }],
    ['/v1/recommendations', { user: '\udc00' }],
    ['/v1/events', { item: 'P0001', answer: '\ud800' }],
    ['/v1/events', { item: '\ud800', user: 'u' }],
  ])('an id with half a character is refused: %s', async (path, body) => {
    const refused = {
      status: 400,
      body: { code: 'BAD_REQUEST', detail: expect.stringContaining('surrogate') as unknown },
    };
    expect(await server.post<Refusal>(path, body)).toMatchObject(refused);
  });

  test('reasons: k times the history, given or kept', async () => {
    const ask = (body: object) =>
      server.post<Refusal>('/v1/recommendations', { model: 'als', explain: true, ...body });
    const history = ['P0001', 'P0002', 'P0003', 'P0004', 'P0005', 'P0006'];
    expect((await ask({ history, k: 8 })).status).toBe(200);
    expect(await ask({ history, k: 9 })).toMatchObject({
      status: 422,
      body: { code: 'TOO_LARGE', hint: 'ask for 8 items, or without `explain`' },
    });
    expect((await ask({ history, k: 9, explain: false })).status).toBe(200);
    const { users, histories } = await readArtifact(artifact('als'));
    const long = Array.from({ length: users.size }, (_, user) => user).find(
      (user) => histories.row(user).length > 5,
    )!;
    expect((await ask({ user: users.nameOf(long), k: 50 })).body.code).toBe('TOO_LARGE');
  });

  test('words: a thousand of them find what each of them does', async () => {
    const { titles } = await readArtifact(artifact('text'));
    const word = /[A-Za-z]{4,}/.exec(titles![3]!)![0].toLowerCase();
    const once = await found(`/v1/items?q=${word}&k=100`);
    expect(once.items.length).toBeGreaterThan(0);
    const often = await found(
      `/v1/items?q=${encodeURIComponent(`${word} `.repeat(Math.floor(2000 / (word.length + 1))))}&k=100`,
    );
    expect(ids(often)).toEqual(ids(once));
    const many = Array.from({ length: 600 }, (_, at) => at.toString(36))
      .join(' ')
      .slice(0, 2000);
    expect(ids(await found(`/v1/items?q=${encodeURIComponent(many)}`))).toEqual([]);
  });

  test('a text of which nothing is known is popularity, and searches go by titles', async () => {
    const popular = (await server.post<Answer>('/v1/recommendations', { model: 'text', k: 5 })).body;
    const opened = await openArtifact(artifact('text'), { threads: 1 });
    for (const text of ['zzzzz', '!!!', '🎮']) {
      const { body } = await server.post<Answer>('/v1/recommendations', { model: 'text', text, k: 5 });
      expect(body.source).toBe('popularity');
      expect(ids(body)).toEqual(ids(popular));
      expect(await opened.recommend({ text }, 5)).toMatchObject({
        source: 'popularity',
        items: ids(popular).map((id) => ({ id })),
      });
      expect(await found(`/v1/search?q=${encodeURIComponent(text)}&model=text`)).toMatchObject({
        source: 'titles',
        items: [],
      });
    }
    await opened.dispose();
    const unknown = { category: 'no such', title: 'zzzzz' };
    expect(
      (await server.post<Answer>('/v1/recommendations', { model: 'text', features: unknown })).body.source,
    ).toBe('popularity');
    expect((await found('/v1/search?q=camera&model=text')).source).toBe('text');
  });

  test('titles are searched within a filter, on the thread', async () => {
    const { titles, catalog, items, counts } = await readArtifact(artifact('als'));
    const word = /[A-Za-z]{4,}/.exec(titles![3]!)![0].toLowerCase();
    const category = (catalog.category as string[])[3];
    const wanted = Array.from(items.names.keys())
      .filter(
        (item) =>
          new RegExp(`\\b${word}`, 'i').test(titles![item]!) &&
          (catalog.category as string[])[item] === category,
      )
      .sort((a, b) => counts[b] - counts[a] || a - b);
    const filter = encodeURIComponent(JSON.stringify({ category }));
    const answer = await found(`/v1/search?q=${word}&model=als&k=100&filter=${filter}`);
    expect(answer.source).toBe('titles');
    expect(ids(answer)).toEqual(wanted.map((item) => items.nameOf(item)));
    expect(answer.items.map(({ score }) => score)).toEqual(wanted.map((item) => counts[item]));
  });

  test('an exact id comes first, and hides no title', async () => {
    const { titles } = await readArtifact(artifact('text'));
    const listed = await found('/v1/items?q=P0004&k=5');
    expect(ids(listed)[0]).toBe('P0004');
    expect(ids(await found('/v1/items?q=&k=3'))).toEqual(
      ids((await server.post<Answer>('/v1/recommendations', { model: 'text', k: 3 })).body),
    );
    expect(titles!.length).toBeGreaterThan(0);
  });

  test('a list of ids by commas, as JSON, or one each time', async () => {
    const asked = await Promise.all(
      ['history=P0001,P0002', 'history=%5B%22P0001%22,%22P0002%22%5D', 'history=P0001&history=P0002'].map(
        (list) => found(`/v1/recommendations?${list}&exclude=P0003&exclude=P0004&k=5`),
      ),
    );
    for (const answer of asked) expect(answer.items).toEqual(asked[0].items);
    expect((await found('/v1/recommendations?history=A%2CB&history=')).unknown_items).toEqual(['A,B']);
    expect(await server.get('/v1/recommendations?k=1&k=2')).toMatchObject({
      status: 400,
      body: { code: 'BAD_REQUEST' },
    });
  });
});

test('what a thread cannot be told is refused, and the thread is free for the next', async () => {
  const { folder, manifest, version } = await readArtifact(artifact('als'));
  const { pool } = await AnswerPool.open({
    artifact: { folder, manifest, version },
    program: new URL('../dist/model-worker.js', import.meta.url),
    ...{ candidates: 10, threads: 1, patience: 5000 },
  });
  try {
    const untold = (() => true) as never;
    await expect(pool.ask('similar', { item: 0, k: 1, where: untold })).rejects.toThrow(
      /could not be cloned/,
    );
    await expect(pool.recommend({ history: [1], user: -1, k: 2, where: untold })).rejects.toThrow(
      /could not be cloned/,
    );
    expect((await pool.recommend({ history: [1], user: -1, k: 2 })).items).toHaveLength(2);
    expect(pool.waiting).toBe(0);
  } finally {
    await pool.close();
  }
});
