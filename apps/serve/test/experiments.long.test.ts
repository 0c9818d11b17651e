import { afterEach, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { ServeOptions } from '../src/options.js';
import type { Answer } from '../src/schemas/recommendations.js';
import { artifact, scratch, startServer, type TestServer } from './setup/server.js';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function start(options: ServeOptions): Promise<{ server: TestServer; folder: string }> {
  const { folder, remove } = await scratch();
  cleanups.push(remove);
  const server = await startServer(folder, options);
  cleanups.push(() => server.stop());
  return { server, folder };
}

const asker =
  (server: TestServer) =>
  async (body: object): Promise<Answer> =>
    (await server.post<Answer>('/v1/recommendations', body)).body;
const ids = ({ items }: Answer) => items.map(({ id }) => id);

interface Told {
  readonly arms: { experiment: string; arm: string; impressions: number; events: number; wins: number }[];
  readonly impressions?: {
    answer: string;
    user?: string;
    session?: string;
    events: Record<string, number>;
  }[];
}

const SPLIT = { artifacts: [artifact('popularity'), artifact('als')], split: [50, 50] };

describe('a split', () => {
  test('a visitor keeps one arm by the session; somebody unnamed is drawn one, which the answer says', async () => {
    const { server } = await start({ ...SPLIT, seed: 7 });
    const ask = asker(server);
    const sessions = Array.from({ length: 40 }, (_, n) => `session ${n}`);
    const arms = await Promise.all(
      sessions.map(async (session) => (await ask({ session, k: 1, history: ['P0001'] })).experiment),
    );
    expect(new Set(arms.map((experiment) => experiment!.arm))).toEqual(new Set(['popularity', 'als']));
    for (const [n, session] of sessions.entries()) {
      const again = await ask({ session, k: 2, history: ['P0002', 'P0003'] });
      expect(again.experiment).toEqual({ kind: 'split', arm: again.model, by: 'session' });
      expect(again.experiment).toEqual(arms[n]);
    }
    const both = await ask({ user: 'u', session: sessions[0] });
    expect(both.experiment).toEqual((await ask({ user: 'u', session: sessions[1] })).experiment);
    expect(both.experiment!.by).toBe('user');
    const { body } = await server.get<Answer>(
      `/v1/recommendations?session=${encodeURIComponent(sessions[3])}`,
    );
    expect(body.experiment).toEqual(arms[3]);
    const drawn = await Promise.all(Array.from({ length: 40 }, () => ask({ history: ['P0001'], k: 1 })));
    expect(new Set(drawn.map(({ model }) => model))).toEqual(new Set(['popularity', 'als']));
    for (const { model, experiment } of drawn)
      expect(experiment).toEqual({ kind: 'split', arm: model, by: 'draw' });
    expect((await ask({ model: 'als' })).experiment).toBeUndefined();
  });

  test('the same seed and requests give the same arms, another seed others', async () => {
    const drawn = async (seed?: number) => {
      const { server } = await start({ ...SPLIT, ...(seed !== undefined && { seed }) });
      const models: string[] = [];
      for (let n = 0; n < 30; n++) models.push((await asker(server)({ k: 1 })).model);
      return models;
    };
    const first = await drawn();
    expect(await drawn(0)).toEqual(first);
    expect(await drawn(1)).not.toEqual(first);
  });

  test('events that name an answer count once for its arm, and are had by HTTP', async () => {
    const { server } = await start(SPLIT);
    const ask = asker(server);
    const answers: Answer[] = [];
    for (let n = 0; n < 12; n++)
      answers.push(await ask(n % 2 ? { session: `s${n}`, k: 3 } : { user: `u${n}`, k: 3 }));
    await ask({ model: 'als', k: 3 }); // of no experiment
    const [clicked, other] = answers;
    const event = (of: Answer, item: string, more: object = {}) =>
      server.post('/v1/events', { item, answer: of.id, type: 'click', ...more });
    const posted = [
      await event(clicked, clicked.items[0].id, { user: 'u0', id: 'e1' }),
      await event(clicked, clicked.items[0].id, { user: 'u0', id: 'e1' }), // sent again
      await event(clicked, clicked.items[0].id), // the same under another id
      await event(clicked, clicked.items[2].id, { type: 'purchase' }),
      await event(other, 'P0149-not-shown'),
      await event(other, other.items[1].id, { type: 'view' }),
    ];
    expect(posted.map(({ status }) => status)).toEqual(new Array(6).fill(201));
    const told = async (query: string) => (await server.get<Told>(`/v1/experiments/outcomes?${query}`)).body;
    const of = ({ arms }: Told, arm: string) => arms.find((one) => one.arm === arm)!;
    const clicks = await told('each=true');
    for (const arm of ['popularity', 'als'])
      expect(of(clicks, arm)).toMatchObject({
        experiment: 'split',
        impressions: answers.filter(({ model }) => model === arm).length,
        wins: arm === clicked.model ? 1 : 0,
        events: arm === clicked.model ? 1 : 0,
      });
    expect(clicks.arms).toHaveLength(2);
    expect(clicks.impressions).toEqual([
      expect.objectContaining({ answer: clicked.id, user: 'u0', events: { [clicked.model]: 1 } }),
    ]);
    const more = await told('types=click,purchase,view&each=true');
    expect(more.arms.reduce((sum, { events }) => sum + events, 0)).toBe(3);
    expect(more.impressions!.map(({ session }) => session)).toEqual([undefined, 's1']);
    expect((await told('until=2020-01-01T00:00:00Z')).arms).toEqual([]);
    const refused = await server.get<{ code: string; hint: string }>(
      '/v1/experiments/outcomes?types=click,clik',
    );
    expect(refused).toMatchObject({ status: 422, body: { code: 'UNKNOWN_KIND' } });
  });
});

test('interleaved answers are drafted alike under one seed, and a click is a vote for the team that is shown', async () => {
  const options = { artifacts: [artifact('tower'), artifact('als')], interleave: true };
  const lists = async (seed: number) => {
    const { server } = await start({ ...options, seed });
    const answers: Answer[] = [];
    for (let n = 0; n < 12; n++) answers.push(await asker(server)({ history: ['P0001', 'P0002'], k: 5 }));
    return { server, answers };
  };
  const { server, answers } = await lists(3);
  const teams = (all: Answer[]) => all.map(({ items }) => items.map(({ id, model }) => `${id} ${model}`));
  expect(teams((await lists(3)).answers)).toEqual(teams(answers));
  expect(teams((await lists(4)).answers)).not.toEqual(teams(answers));
  expect(answers[0].experiment).toEqual({ kind: 'interleave', arm: 'tower+als' });
  expect(new Set(answers.map(({ id }) => id)).size).toBe(12);

  // What both lists hold beyond the five shown is no vote; an item counts for the team that gave it in that answer.
  const alone = await asker(server)({ history: ['P0001', 'P0002'], k: 100, model: 'tower' });
  const hidden = ids(alone).find((id) => !ids(answers[0]).includes(id))!;
  await server.post('/v1/events', {
    events: [
      { item: hidden, answer: answers[0].id, type: 'click' },
      ...answers.slice(1, 6).map(({ id, items }) => ({ item: items[0].id, answer: id, type: 'click' })),
    ],
  });
  const { body } = await server.get<Told>('/v1/experiments/outcomes');
  for (const arm of ['tower', 'als']) {
    const wins = answers.slice(1, 6).filter(({ items }) => items[0].model === arm).length;
    expect(body.arms.find((one) => one.arm === arm)).toMatchObject({ impressions: 12, wins, events: wins });
  }
  // The metrics count what was shown: 60 items at most, of two models that gave their half of each answer.
  const metrics = (await server.get<string>('/metrics')).body;
  const coverage = Number(/towerkit_catalog_coverage\{model="als"\} (\S+)/.exec(metrics)![1]);
  const shown = new Set(
    answers.flatMap(({ items }) => items.filter(({ model }) => model === 'als')).map(({ id }) => id),
  );
  expect(coverage).toBeCloseTo(shown.size / 150, 10);
});

test('impressions are recorded of all answers where the server is told so, else of experiments', async () => {
  for (const [impressions, count] of [
    ['all', 2],
    [undefined, 0],
  ] as const) {
    const { server } = await start({ artifacts: [artifact('popularity')], impressions });
    for (let n = 0; n < 2; n++) expect((await asker(server)({ k: 1 })).id).toMatch(/^[0-9a-f-]{36}$/);
    const { body } = await server.get<Told>('/v1/experiments/outcomes');
    expect(body.arms.map(({ experiment, impressions }) => [experiment, impressions])).toEqual(
      count ? [['none', count]] : [],
    );
  }
});

test('impressions that wait when the server ends are written', async () => {
  const { server, folder } = await start({ ...SPLIT });
  await asker(server)({ user: 'u', k: 1 });
  expect(await server.stop()).toBe(0);
  const next = await startServer(folder, SPLIT);
  cleanups.push(() => next.stop());
  const { body } = await next.get<Told>('/v1/experiments/outcomes');
  expect(body.arms.map(({ impressions }) => impressions)).toEqual([1]);
});

test('ids of answers, and of events without one, come from the source that a program gives', async () => {
  const { folder, remove } = await scratch();
  cleanups.push(remove);
  const options = { artifacts: [artifact('popularity')], port: 0, threads: 1, events: join(folder, 'e.db') };
  const script = join(folder, 'program.mjs');
  await writeFile(
    script,
    `import { serve } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    let made = 0;
    const server = await serve(${JSON.stringify(options)}, { newId: () => 'id-' + made++ });
    const post = async (path, body) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
    };
    const [a, b] = [await post('/v1/recommendations', { k: 1 }), await post('/v1/recommendations', { k: 2 })];
    const event = await post('/v1/events', { user: 'u', item: 'P0001' });
    const again = await post('/v1/events', { user: 'u', item: 'P0001', id: 'id-2' });
    console.log(JSON.stringify([a.id, b.id, event.new, again.new]));
    await server.close();`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  expect(JSON.parse(stdout)).toEqual(['id-0', 'id-1', 1, 0]);
});

test('the outcomes need a key like the rest', async () => {
  const { folder, remove } = await scratch();
  cleanups.push(remove);
  const apiKeyFile = join(folder, 'keys');
  await writeFile(apiKeyFile, 'secret\n');
  const { server } = await start({ artifacts: [artifact('popularity')], apiKeyFile });
  expect((await server.get('/v1/experiments/outcomes')).status).toBe(401);
  expect((await server.get('/v1/experiments/outcomes', { 'x-api-key': 'secret' })).status).toBe(200);
});

describe('kinds of events', () => {
  test('a view is history and may come again, a purchase may not, whatever the model', async () => {
    const models = ['tower', 'als', 'popularity', 'hybrid'];
    const { server } = await start({ artifacts: models.map(artifact) });
    const post = async (user: string, item: string, type?: string) =>
      expect((await server.post('/v1/events', { user, item, ...(type && { type }) })).status).toBe(201);
    const two = { filter: { id: { in: ['P0010', 'P0011'] } } };
    for (const model of models) {
      const ask = (body: object) => asker(server)({ model, ...body });
      const [viewer, critic, counted, plain] = ['viewer', 'critic', 'counted', 'plain'].map(
        (who) => who + model,
      );
      await post(viewer, 'P0010', 'view');
      const viewed = await ask({ user: viewer, k: 100 });
      expect(viewed.history).toBe(1);
      expect(ids(await ask({ user: viewer, ...two })).sort()).toEqual(['P0010', 'P0011']);
      // The same answer as to somebody who had it, but that the item itself may be in it.
      const had = ids(await ask({ history: ['P0010'], k: 100 }));
      const others = ids(viewed).filter((id) => id !== 'P0010');
      expect(had.slice(0, others.length)).toEqual(others);
      await post(viewer, 'P0010', 'purchase');
      expect(ids(await ask({ user: viewer, ...two }))).toEqual(['P0011']);
      await post(viewer, 'P0010', 'view'); // later views do not bring it back
      expect(ids(await ask({ user: viewer, ...two }))).toEqual(['P0011']);
      expect(ids(await ask({ user: viewer, k: 100 }))).not.toContain('P0010');

      await post(critic, 'P0011', 'dislike');
      const refused = await ask({ user: critic, ...two });
      expect(refused).toMatchObject({ history: 0, source: 'popularity' });
      expect(ids(refused)).toEqual(['P0010']);
      await post(counted, 'P0010', 'impression');
      expect(await ask({ user: counted, ...two })).toMatchObject({ history: 0, items: [{}, {}] });
      await post(plain, 'P0010'); // an interaction: history, and left out
      const answered = await ask({ user: plain, ...two });
      expect([answered.history, ids(answered)]).toEqual([1, ['P0011']]);
    }
  });

  test('the config adds one; an unknown one is refused, and nothing of its request is kept', async () => {
    const { server } = await start({
      artifacts: [artifact('popularity')],
      kinds: { wishlist: { history: true, exclude: true } },
    });
    const event = (type: string) => ({ user: 'u', item: 'P0010', type });
    const refused = await server.post<{ code: string; detail: string; hint: string }>('/v1/events', {
      events: [event('view'), event('wish')],
    });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'UNKNOWN_KIND', detail: 'body/events/1/type: there is no kind of event "wish"' },
    });
    expect(refused.body.hint).toContain('view, click, like, cart, purchase, dislike, hide, wishlist');
    expect((await asker(server)({ user: 'u' })).history).toBe(0);
    expect((await server.post('/v1/events', event('wishlist'))).status).toBe(201);
    expect((await asker(server)({ user: 'u' })).history).toBe(1);
    expect((await server.get<string>('/metrics')).body).toContain(
      'towerkit_events_total{type="wishlist",model=""} 1',
    );
  });

  test('a wrong field of an event is named, with what was expected of it', async () => {
    const { server } = await start({ artifacts: [artifact('popularity')] });
    const good = { user: 'u', item: 'P0001' };
    const cases: [unknown, RegExp][] = [
      [{ ...good, user: 123 }, /^body\/user: .*expected string, received number/],
      [{ ...good, at: 'yesterday' }, /^body\/at: expected a time with its offset, such as 2026/],
      [{ ...good, itme: 'x' }, /^body\/: "itme": expected only user, item, type, at, id, answer, model/],
      [{ user: 'u' }, /^body\/item: .*expected string/],
      [{ item: 'P0001' }, /^body\/user: expected an id, as there is no `answer` either/],
      [{ ...good, user: 'a\u0000b' }, /^body\/user: expected no NUL character/],
      [{ events: [good, { ...good, at: 5 }] }, /^body\/events\/1\/at: /],
      [{ events: [{ ...good, usr: 1 }] }, /^body\/events\/0: "usr": expected only/],
      [{ events: [good], user: 'u' }, /^body\/: .*"user"/],
      [{ events: [] }, /^body\/events: .*>=1/],
      [[good], /^body\/: .*expected object, received array/],
    ];
    for (const [body, detail] of cases) {
      const refused = await server.post<{ code: string; detail: string }>('/v1/events', body);
      expect([refused.status, refused.body.code]).toEqual([400, 'BAD_REQUEST']);
      expect(refused.body.detail).toMatch(detail);
    }
  });
});
