import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openArtifact, TwoTowerRecommender } from '@towerkit/recommend';

import type { Answer } from '../src/schemas/recommendations.js';
import { artifact, scratch, startServer, type TestServer } from './setup/server.js';

/** As much of the document as is looked at. */
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, unknown>;
  readonly components: {
    readonly schemas: Record<string, { properties?: Record<string, { examples?: readonly unknown[] }> }>;
  };
}

describe('a server of a tower, a model that reads texts, ALS and popularity', () => {
  let server: TestServer;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    const own = await scratch();
    remove = own.remove;
    server = await startServer(own.folder, {
      artifacts: ['tower', 'text', 'als', 'popularity'].map(artifact),
    });
  });
  afterAll(async () => {
    await server?.stop();
    await remove();
  });
  const recommend = async (body: object) => (await server.post<Answer>('/v1/recommendations', body)).body;
  const ids = (answer: Answer) => answer.items.map(({ id }) => id);

  test('says where it is, what it serves and that it is ready', async () => {
    expect(server.told).toMatchObject({ artifact: artifact('tower'), items: 150 });
    expect((await server.get('/health/ready')).body).toEqual({ status: 'ok' });
    const { body } = await server.get<{ models: { name: string; reads: string[]; explains: boolean }[] }>(
      '/v1/models',
    );
    expect(body.models.map(({ name }) => name)).toEqual(['tower', 'text', 'als', 'popularity']);
    expect(body.models[1].reads).toEqual(['history', 'text', 'features']);
    expect(body.models[3].explains).toBe(false);
  });

  test('answers a history as the artifact itself does', async () => {
    const opened = await openArtifact(artifact('tower'));
    const history = [3, 14, 15];
    const [wanted] = await opened.model.recommend([history], 10);
    await opened.model.dispose?.();
    const answer = await recommend({ history: history.map((item) => opened.items.nameOf(item)), k: 10 });
    expect(ids(answer)).toEqual(Array.from(wanted.items, (item) => opened.items.nameOf(item)));
    answer.items.forEach(({ score, title }, place) => {
      expect(score).toBeCloseTo(wanted.scores[place], 4);
      expect(title).toBeTruthy();
    });
    expect(answer).toMatchObject({ source: 'two-tower', model: 'tower', history: 3 });
  });

  test('GET and POST say the same', async () => {
    const { body } = await server.get<Answer>('/v1/recommendations?history=P0001,P0002&k=5&explain=true');
    const posted = await recommend({ history: ['P0001', 'P0002'], k: 5, explain: true });
    expect(body.items).toEqual(posted.items);
  });

  test('a known user gets nothing of their history; three ids make a new one personal', async () => {
    const { users, items, histories } = await openArtifact(artifact('als'));
    const answer = await recommend({ user: users.nameOf(7), k: 100 });
    const had = Array.from(histories.row(7), (item) => items.nameOf(item));
    expect(had.length).toBeGreaterThan(0);
    expect(ids(answer).filter((id) => had.includes(id))).toEqual([]);
    const cold = await recommend({ k: 10 });
    const personal = await recommend({ history: had.slice(0, 3), k: 10 });
    expect(personal.source).toBe('two-tower');
    expect(ids(personal)).not.toEqual(ids(cold));
  });

  test('somebody of whom nothing is known gets what is popular, and is told so', async () => {
    const { counts, items } = await openArtifact(artifact('tower'));
    const wanted = Array.from(counts.keys()).sort((a, b) => counts[b] - counts[a] || a - b);
    for (const body of [{ k: 5 }, { user: 'nobody', k: 5 }, { history: ['no such item'], k: 5 }]) {
      const answer = await recommend(body);
      expect(answer.source).toBe('popularity');
      expect(ids(answer)).toEqual(wanted.slice(0, 5).map((item) => items.nameOf(item)));
    }
    expect((await recommend({ history: ['no such item'] })).unknown_items).toEqual(['no such item']);
  });

  test.each(['tower', 'als', 'popularity'])('filters and exclusions hold for %s', async (model) => {
    const { catalog, items } = await openArtifact(artifact('tower'));
    const category = catalog.category as string[];
    const body = { model, history: ['P0001'], k: 100, filter: { category: category[5] } };
    const answer = await recommend(body);
    const passing = items.names.filter((id, item) => category[item] === category[5] && id !== 'P0001');
    expect(ids(answer).sort()).toEqual([...passing].sort());
    const [gone] = ids(answer);
    expect(ids(await recommend({ ...body, exclude: [gone] }))).not.toContain(gone);
  });

  test('reasons add up for ALS, and name the history for a tower', async () => {
    const history = ['P0001', 'P0002', 'P0003'];
    const als = await recommend({ model: 'als', history, explain: true, k: 3 });
    for (const { score, reason } of als.items)
      expect(reason!.history.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(score, 3);
    const tower = await recommend({ model: 'tower', history, explain: true, k: 3 });
    for (const { reason } of tower.items) {
      expect(reason!.history.map(({ id }) => id).sort()).toEqual(history);
      const weights = reason!.history.map(({ weight }) => weight);
      expect(weights).toEqual([...weights].sort((a, b) => b - a));
    }
    expect(
      (await recommend({ model: 'popularity', history, explain: true })).items[0].reason,
    ).toBeUndefined();
  });

  test('a gated tower says what it makes of each item and of who asks', async () => {
    const { manifest, items } = await openArtifact(artifact('text'));
    const question = { model: 'text', history: ['P0001', 'P0002'], explain: true, k: 3 };
    const answer = await recommend(question);
    expect(Object.keys(answer.gates!)).toEqual(['order', 'taste']);
    const saved = await TwoTowerRecommender.load(artifact('text'), { threads: 1 });
    for (const { id, reason } of answer.items) {
      expect(Object.keys(reason!.gates!)).toEqual(['id', 'category', 'price', 'title']);
      const own = saved.itemGates!.row(items.indexOf(id)!);
      expect(Object.values(reason!.gates!)).toEqual(Array.from(own, (weight) => expect.closeTo(weight, 5)));
    }
    expect(manifest.model.gated).toEqual({
      item: ['id', 'category', 'price', 'title'],
      user: ['order', 'taste'],
    });
    await saved.dispose();
    const other = await recommend({ ...question, history: ['P0007'] });
    expect(other.gates).not.toEqual(answer.gates);
    expect((await recommend({ ...question, explain: false })).gates).toBeUndefined();
  });

  test('diversity takes the best first and changes the rest', async () => {
    const plain = await recommend({ history: ['P0001'], k: 10 });
    const mixed = await recommend({ history: ['P0001'], k: 10, diversity: 0.7 });
    expect(mixed.items[0].id).toBe(plain.items[0].id);
    expect(ids(mixed)).not.toEqual(ids(plain));
    expect(new Set(ids(mixed)).size).toBe(10);
  });

  test('a text or features stand for an item; a model that reads none says so', async () => {
    const text = await recommend({ model: 'text', text: 'camera bag', k: 5 });
    expect(text).toMatchObject({ source: 'two-tower', history: 0 });
    expect(text.items).toHaveLength(5);
    const features = await recommend({ model: 'tower', features: { category: 'Music' }, k: 5 });
    expect(features.items).toHaveLength(5);
    const refused = await server.post('/v1/recommendations', { model: 'als', text: 'camera bag' });
    expect(refused).toMatchObject({ status: 422, body: { code: 'NO_CONTENT', status: 422 } });
    const stray = await server.post('/v1/recommendations', { model: 'tower', features: { colour: 'red' } });
    expect(stray).toMatchObject({ status: 422, body: { code: 'UNKNOWN_FEATURE' } });
  });

  test('items are found by the beginnings of words, and by what a text means', async () => {
    const { titles, items } = await openArtifact(artifact('tower'));
    const word = /[A-Za-z]{5,}/.exec(titles![0]!)![0];
    const { body } = await server.get<Answer>(`/v1/items?q=${word.slice(0, 4).toLowerCase()}&k=100`);
    const begins = new RegExp(`(^|[^\\p{L}\\p{N}])${word.slice(0, 4)}`, 'iu');
    const wanted = items.names.filter((_, item) => begins.test(titles![item]!));
    expect(body.items.map(({ id }) => id).sort()).toEqual([...wanted].sort());
    const search = await server.get<Answer>(`/v1/search?q=${encodeURIComponent(titles![9]!)}&model=text&k=5`);
    expect(search.body.source).toBe('text');
    expect(search.body.items).toHaveLength(5);
    const words = await server.get<Answer>(`/v1/search?q=${word}&model=als`);
    expect(words.body.source).toBe('titles');
    expect(words.body.items.length).toBeGreaterThan(0);
  });

  test('similar items leave the item itself out; an unknown one is a 404', async () => {
    const { body } = await server.get<Answer>('/v1/items/P0001/similar?k=100');
    expect(body.items).toHaveLength(100);
    expect(body.items.map(({ id }) => id)).not.toContain('P0001');
    const scores = body.items.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(scores[0]).toBeLessThanOrEqual(1.0001);
    expect(await server.get('/v1/items/nope/similar')).toMatchObject({
      status: 404,
      body: { code: 'UNKNOWN_ITEM' },
    });
  });

  test('a posted event counts in the next answer, once for each id', async () => {
    const event = { user: 'newcomer', item: 'P0010', id: 'e-1' };
    expect(await server.post('/v1/events', event)).toMatchObject({
      status: 201,
      body: { accepted: 1, new: 1 },
    });
    expect(await server.post('/v1/events', event)).toMatchObject({
      status: 201,
      body: { accepted: 1, new: 0 },
    });
    const answer = await recommend({ user: 'newcomer', k: 100 });
    expect(answer).toMatchObject({ source: 'two-tower', history: 1 });
    expect(ids(answer)).not.toContain('P0010');
    expect(ids(answer)).toEqual(ids(await recommend({ history: ['P0010'], k: 100 })));
  });

  test('the metrics tell of answers, latencies and recall by the route, never by an address', async () => {
    const { body } = await server.get<string>('/metrics');
    expect(body).toMatch(/towerkit_answers_total\{model="tower",source="two-tower"\} \d+/);
    expect(body).toMatch(
      /towerkit_request_seconds_bucket\{le="0.005",method="GET",route="\/v1\/items\/:id\/similar"/,
    );
    expect(body).toMatch(/towerkit_cold_share\{model="tower"\} 0\.\d+/);
    expect(body).toMatch(/towerkit_catalog_coverage\{model="tower"\}/);
    expect(body).not.toContain('P0001');
  });

  test('OpenAPI 3.1 lists every route, and the docs need nothing from elsewhere', async () => {
    const { body } = await server.get<Document>('/openapi.json');
    expect(body.openapi).toMatch(/^3\.1/);
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining([
        '/v1/recommendations',
        '/v1/items/{id}/similar',
        '/v1/search',
        '/v1/items',
        '/v1/events',
        '/v1/experiments/outcomes',
        '/v1/models',
        '/health/live',
        '/health/ready',
        '/metrics',
      ]),
    );
    const { Event, Question, Recommendations, ArmOutcome } = body.components.schemas;
    expect(Object.keys(Question.properties!)).toContain('session');
    expect(Object.keys(Recommendations.properties!)).toEqual(expect.arrayContaining(['id', 'experiment']));
    expect(Object.keys(ArmOutcome.properties!)).toContain('wins_per_impression');
    expect(Object.keys(Event.properties!)).toContain('answer');
    expect(Event.properties!.type.examples).toContain('purchase');
    const docs = await server.get<string>('/docs/static/index.html');
    expect(docs.status).toBe(200);
    expect(docs.body).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  test('what is wrong with a request is said with a stable code', async () => {
    const cases: [string, unknown, number, string][] = [
      ['/v1/recommendations', '{"k":', 400, 'BAD_JSON'],
      ['/v1/recommendations', { k: 0 }, 400, 'BAD_REQUEST'],
      ['/v1/recommendations', { k: 101 }, 400, 'BAD_REQUEST'],
      ['/v1/recommendations', { histroy: [] }, 400, 'BAD_REQUEST'],
      ['/v1/recommendations', { history: new Array(501).fill('P0001') }, 400, 'BAD_REQUEST'],
      ['/v1/recommendations', { text: 'x'.repeat(70_000) }, 413, 'BODY_TOO_LARGE'],
      ['/v1/recommendations', { filter: { colour: 'red' } }, 422, 'BAD_FILTER'],
      ['/v1/recommendations', { model: 'other' }, 404, 'UNKNOWN_MODEL'],
      ['/v1/events', { user: 'u' }, 400, 'BAD_REQUEST'],
      ['/v1/events', { events: [] }, 400, 'BAD_REQUEST'],
      ['/v1/nothing', {}, 404, 'NOT_FOUND'],
    ];
    for (const [path, body, status, code] of cases) {
      const refused = await server.post<{ code: string; status: number; title: string }>(path, body);
      expect([path, code, refused.status, refused.body.code]).toEqual([path, code, status, code]);
      expect(refused.headers.get('content-type')).toContain('application/problem+json');
      expect(refused.body.status).toBe(status);
    }
  });
});
