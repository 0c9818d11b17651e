import { describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFile, appendFile, rename, readFile, symlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { Rng } from '@towerkit/core';

import { openStore } from '@towerkit/events';
import type { Answer } from '../src/schemas/recommendations.js';
import { postgresPrograms, startPostgres } from '../../../packages/events/test/setup/postgres.js';
import { cleanups, folderOf, start, until } from './setup/cleanup.js';
import { artifact, BIN, copyOf, startServer, type TestServer } from './setup/server.js';

const versionsOf = async (server: TestServer) =>
  (await server.get<{ models: { version: string; refused?: { code: string } }[] }>('/v1/models')).body.models;

describe('events', () => {
  test('a kill -9 while they are written loses none that was acknowledged', async () => {
    const folder = await folderOf();
    const server = await start(folder, { artifacts: [artifact('popularity')] });
    const acknowledged: string[] = [];
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; ; n++) {
        const item = `${writer}-${n}`;
        const answer = await server.post('/v1/events', { user: 'u', item }).catch(() => undefined);
        if (answer?.status !== 201) return;
        acknowledged.push(item);
        if (acknowledged.length === 200) server.process.kill('SIGKILL');
      }
    });
    await Promise.all(writers);
    expect(await server.ended).toBe('SIGKILL');
    expect(acknowledged.length).toBeGreaterThanOrEqual(200);
    const store = await openStore(join(folder, 'events.db'));
    const kept = new Set((await store.history('u', 100_000)).map(({ item }) => item));
    await store.close();
    expect(acknowledged.filter((item) => !kept.has(item))).toEqual([]);
  });

  test('a file that is removed fails writes and readiness until it is back; limits and pruning work beside it', async () => {
    const folder = await folderOf();
    const file = join(folder, 'events.db');
    const server = await start(folder, { artifacts: [artifact('tower')], limits: { users: 2 } });
    const post = async (event: object) =>
      (await server.post('/v1/events', { item: 'P0005', ...event })).status;
    for (const user of ['a', 'b', 'a']) expect(await post({ user, at: '2001-01-01T00:00:00Z' })).toBe(201);
    const full = await server.post('/v1/events', { user: 'c', item: 'P0005' });
    expect([full.status, full.body.code]).toEqual([503, 'STORE_FULL']);
    await rename(file, `${file}.away`);
    const lost = await server.post('/v1/events', { user: 'a', item: 'P0005' });
    const ready = await server.get('/health/ready');
    for (const { status, body } of [lost, ready]) {
      expect([status, body.code]).toEqual([503, 'STORE_UNAVAILABLE']);
      expect(JSON.stringify(body)).not.toContain(folder);
    }
    expect(server.said()).toMatch(/STORE_UNAVAILABLE: write .*events\.db.*removed/);
    expect((await server.post<Answer>('/v1/recommendations', { user: 'a' })).status).toBe(200);
    await rename(`${file}.away`, file);
    await until(async () => (await server.get('/health/ready')).status === 200);
    expect(await post({ user: 'a' })).toBe(201);
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...[BIN, 'events', 'prune', '--events', file, '--older-than', '30', '--json'],
    ]);
    expect(JSON.parse(stdout)).toEqual({ events: 3, impressions: 0, dryRun: false });
    expect((await server.post<Answer>('/v1/recommendations', { user: 'a' })).body).toMatchObject({
      history: 1,
    });
  });

  (postgresPrograms ? test : test.skip)(
    'servers on one PostgreSQL see what was posted to each other, and one that is killed loses nothing',
    async () => {
      const postgres = await startPostgres();
      cleanups.push(postgres.stop);
      const options = { artifacts: [artifact('tower')], events: postgres.url };
      const servers = await Promise.all(
        Array.from({ length: 3 }, async () => start(await folderOf(), options)),
      );
      for (let n = 0; n < 12; n++) {
        const user = `visitor ${n}`;
        const posted = await servers[n % 3].post('/v1/events', { user, item: 'P0005' });
        expect(posted.status).toBe(201);
        const { body } = await servers[(n + 1) % 3].post<Answer>('/v1/recommendations', { user });
        expect(body).toMatchObject({ source: 'two-tower', history: 1 });
      }
      const acknowledged: string[] = [];
      await Promise.all(
        Array.from({ length: 6 }, async (_, writer) => {
          for (let n = 0; n < 40; n++) {
            const id = `${writer}-${n}`;
            for (let attempt = writer + n; ; attempt++) {
              const event = { user: 'crowd', item: id, id };
              const answer = await servers[attempt % 3].post('/v1/events', event).catch(() => undefined);
              if (answer?.status === 201) break;
            }
            acknowledged.push(id);
            if (acknowledged.length === 60) servers[1].process.kill('SIGKILL');
          }
        }),
      );
      expect(await servers[1].ended).toBe('SIGKILL');
      const store = await openStore(postgres.url);
      const kept = (await store.history('crowd', 100_000)).map(({ item }) => item);
      await store.close();
      expect([...kept].sort()).toEqual([...acknowledged].sort()); // each once, retried or not
    },
  );
});

describe('artifacts', () => {
  test('a corrupt one never becomes ready', async () => {
    const folder = await folderOf();
    const spoiled = await copyOf('tower', join(folder, 'spoiled'));
    const file = join(spoiled, 'user_tower.onnx');
    const bytes = await readFile(file);
    bytes[bytes.length >> 1] ^= 0xff;
    await writeFile(file, bytes);
    await expect(startServer(folder, { artifacts: [spoiled] })).rejects.toThrow(
      /ended with 2:[^]*BAD_ARTIFACT/,
    );
  });

  test('a new one takes over under load without a dropped request, a bad one is refused, and SIGHUP looks again', async () => {
    const folder = await folderOf();
    await copyOf('tower', join(folder, 'a'));
    await copyOf('tower-2', join(folder, 'b'));
    const link = join(folder, 'current');
    const point = async (to: string) => {
      await symlink(join(folder, to), `${link}.new`);
      await rename(`${link}.new`, link);
    };
    await point('a');
    const server = await start(folder, { artifacts: [link], watch: 100 });
    const [{ version: first }] = await versionsOf(server);
    let asking = true;
    const seen = new Set<string>();
    const failures: unknown[] = [];
    const clients = Array.from({ length: 4 }, async () => {
      while (asking) {
        const answer = await server
          .post<Answer>('/v1/recommendations', { history: ['P0001', 'P0002'], k: 5 })
          .catch((error: unknown) => ({ status: String(error), body: undefined }));
        if (answer.status !== 200 || answer.body!.items.length !== 5) failures.push(answer);
        else seen.add(answer.body!.version);
      }
    });
    for (const to of ['b', 'a', 'b']) {
      const [{ version: before }] = await versionsOf(server);
      await point(to);
      await until(async () => (await versionsOf(server))[0].version !== before);
    }
    const [{ version: second }] = await versionsOf(server);
    expect(second).not.toBe(first);
    // Two changes a second, for five seconds: each takes over, or is overtaken by the next.
    for (let change = 0; change < 10; change++) {
      await point(change % 2 === 0 ? 'a' : 'b');
      await sleep(500);
    }
    const isSecond = async () => (await versionsOf(server))[0].version === second;
    await until(async () => (await isSecond()) && (await sleep(2000), isSecond())); // no change is under way

    await copyOf('tower', join(folder, 'bad'));
    const manifest = join(folder, 'bad', 'manifest.json'); // of a version of its own
    await writeFile(
      manifest,
      (await readFile(manifest, 'utf8')).replace(/"createdAt": "\d/, '"createdAt": "3'),
    );
    await appendFile(join(folder, 'bad', 'items.parquet'), 'x');
    await point('bad');
    await until(async () => (await versionsOf(server))[0].refused !== undefined);
    const [refused] = await versionsOf(server);
    expect(refused).toMatchObject({ version: second, refused: { code: 'BAD_ARTIFACT' } });
    expect(server.said()).toContain('BAD_ARTIFACT');

    await point('a');
    server.process.kill('SIGHUP');
    await until(async () => (await versionsOf(server))[0].version === first);
    asking = false;
    await Promise.all(clients);
    expect(failures).toEqual([]);
    expect(seen).toEqual(new Set([first, second]));
    expect((await versionsOf(server))[0].refused).toBeUndefined();
    expect(await server.stop()).toBe(0);
  });
});

describe('limits', () => {
  test('malformed requests get a problem, never a 5xx, and the server goes on', async () => {
    const server = await start(await folderOf(), { artifacts: [artifact('tower')], log: 'error' });
    const rng = new Rng(7);
    const junk = [
      '',
      '{',
      '[]',
      'null',
      '"x"',
      '{"k":"x"}',
      '{"__proto__":1}',
      '\u0000',
      '{"history":[{}]}',
      '1e999',
    ];
    const paths = [
      '/v1/recommendations',
      '/v1/events',
      '/v1/items/%00',
      '/v1/items/%ff',
      '/v1/search?q=',
      '/v1/items?k=-1',
    ];
    const values: unknown[] = [
      null,
      -1,
      1e308,
      '',
      'x'.repeat(600),
      [],
      [null],
      {},
      { a: {} },
      true,
      '\ud800',
      0.5,
    ];
    const names = [
      'user',
      'history',
      'text',
      'features',
      'k',
      'filter',
      'exclude',
      'explain',
      'diversity',
      'model',
      'item',
      'at',
    ];
    const pick = <T>(from: readonly T[]) => from[rng.integer(from.length)];
    const statuses = new Set<number>();
    for (let n = 0; n < 400; n++) {
      const path = pick(paths);
      const body =
        n % 2 === 0
          ? pick(junk)
          : { [pick(names)]: pick(values), [pick(names)]: pick(values), [pick(names)]: pick(values) };
      const { status } = rng.uniform() < 0.3 ? await server.get(path) : await server.post(path, body);
      if (status >= 500) throw new Error(`${status} for ${path} ${JSON.stringify(body)}: ${server.said()}`);
      statuses.add(status);
    }
    expect(statuses.has(400)).toBe(true);
    // Half a request, and what is no HTTP at all.
    for (const bytes of [
      'POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{',
      'nonsense\r\n\r\n',
    ]) {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      socket.on('error', () => undefined).write(bytes);
      cleanups.push(async () => socket.destroy());
    }
    expect((await server.get('/health/ready')).status).toBe(200);
  });

  test('past so many in flight there is a 503 that says when to come again; health answers', async () => {
    const folder = await folderOf();
    const server = await start(folder, { artifacts: [artifact('tower')], limits: { inFlight: 1 } });
    // What is there in whole is in flight; connections.test.ts has clients that are slow.
    const many = await Promise.all(
      Array.from({ length: 40 }, () =>
        server.post<{ code?: string }>('/v1/recommendations', { history: ['P0001'], explain: true }),
      ),
    );
    const refused = many.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(40);
    for (const { status, body, headers } of refused)
      expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'OVERLOADED', '1']);
    expect((await server.get('/health/ready')).status).toBe(200);
    expect((await server.get('/v1/models')).status).toBe(200);
  });

  test('with keys, a request needs one; a client gets so many requests a second; CORS is off unless asked for', async () => {
    const folder = await folderOf();
    const apiKeyFile = join(folder, 'keys');
    await writeFile(apiKeyFile, '# ours\nfirst key\n\nsecond\n');
    const server = await start(folder, {
      artifacts: [artifact('popularity')],
      apiKeyFile,
      limits: { rate: 3 },
    });
    const refused = await server.get('/v1/models');
    expect(refused).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } });
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    expect((await server.get('/v1/models', { 'x-api-key': 'first' })).status).toBe(401);
    expect((await server.get('/health/live')).status).toBe(200);
    const origin = { origin: 'https://elsewhere.example', authorization: 'Bearer first key' };
    const allowed = await server.get('/v1/models', origin);
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get('access-control-allow-origin')).toBeNull();
    const many = await Promise.all(
      Array.from({ length: 12 }, () =>
        server.get<{ code?: string }>('/v1/models', { 'x-api-key': 'second' }),
      ),
    );
    const tooMany = many.filter(({ status }) => status === 429);
    expect(tooMany.length).toBeGreaterThan(0);
    expect(tooMany[0].body.code).toBe('RATE_LIMITED');
    expect(tooMany[0].headers.get('retry-after')).toBeTruthy();
  });

  test('SIGTERM fails readiness, answers what was asked, and ends with 0', async () => {
    const server = await start(await folderOf(), { artifacts: [artifact('tower')], grace: 1500 });
    const answers = Array.from({ length: 40 }, () =>
      server.post<Answer>('/v1/recommendations', { history: ['P0001'], k: 5 }),
    );
    server.process.kill('SIGTERM');
    await until(async () => (await server.get('/health/ready')).status === 503);
    expect((await server.get('/health/live')).status).toBe(200);
    for (const { status, body } of await Promise.all(answers))
      expect([status, body.items.length]).toEqual([200, 5]);
    expect(await server.ended).toBe(0);
  });
});

test('a split answers a user with the same model each time, in the shares asked for', async () => {
  const server = await start(await folderOf(), {
    artifacts: [artifact('popularity'), artifact('als')],
    split: [75, 25],
    limits: { inFlight: 1000 },
  });
  const modelOf = async (user: string) =>
    (await server.post<Answer>('/v1/recommendations', { user, k: 1 })).body.model;
  const users = Array.from({ length: 400 }, (_, n) => `user ${n}`);
  const models = await Promise.all(users.map(modelOf));
  expect(await Promise.all(users.slice(0, 50).map(modelOf))).toEqual(models.slice(0, 50));
  const share = models.filter((model) => model === 'popularity').length / users.length;
  expect(Math.abs(share - 0.75)).toBeLessThan(4 * Math.sqrt((0.75 * 0.25) / users.length));
});

test('interleaved lists name the model of each item, and another artifact ranks again where it is told to', async () => {
  const server = await start(await folderOf(), {
    artifacts: [artifact('tower'), artifact('als')],
    interleave: true,
    rerank: artifact('als'),
  });
  const history = ['P0001', 'P0002', 'P0003'];
  const { body } = await server.post<Answer>('/v1/recommendations', { history, k: 10, rerank: false });
  expect(body.model).toBe('tower+als');
  const teams = body.items.map(({ model }) => model);
  expect(teams.filter((model) => model === 'tower')).toHaveLength(5);
  expect(teams.filter((model) => model === 'als')).toHaveLength(5);
  const ask = async (model: string, rerank: boolean) =>
    (await server.post<Answer>('/v1/recommendations', { history, k: 10, model, rerank })).body;
  const again = await ask('tower', true);
  expect(again.source).toBe('two-tower+als');
  // All 150 items are candidates: ranked again by ALS they are what ALS itself gives.
  expect(again.items.map(({ id }) => id)).toEqual((await ask('als', false)).items.map(({ id }) => id));
});
