import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

import { towerkitPlugin } from '../src/embed/plugin.js';
import { artifact, scratch, startServer } from './setup/server.js';

const ROOT = join(import.meta.dirname, '..');
const QUESTION = { history: ['P0001', 'P0002', 'P0003'], k: 5 };
interface Answer {
  readonly items: readonly { readonly id: string; readonly score: number }[];
  readonly source: string;
}

let folder: string;
let remove: () => Promise<void>;
let expected: Answer;
beforeAll(async () => {
  ({ folder, remove } = await scratch());
  const server = await startServer(folder, { artifacts: [artifact('tower')] });
  expected = (await server.post<Answer>('/v1/recommendations', QUESTION)).body;
  expect(expected.items).toHaveLength(5);
  await server.stop();
});
afterAll(() => remove());

const options = () => ({
  artifacts: [artifact('tower')],
  events: join(folder, `events-${Math.floor(performance.now() * 1000)}.db`),
  threads: 1,
});
const JSON_TYPE = { 'content-type': 'application/json' };
const ask = (url: string, body: unknown = QUESTION) =>
  fetch(`${url}/v1/recommendations`, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) });

async function check(url: string): Promise<void> {
  const answer = (await (await ask(url)).json()) as Answer;
  expect({ items: answer.items, source: answer.source }).toEqual({
    items: expected.items,
    source: expected.source,
  });
  const wrong = await ask(url, { histroy: [] });
  expect(wrong.status).toBe(400);
  expect(wrong.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(await wrong.json()).toMatchObject({ code: 'BAD_REQUEST' });
  expect((await fetch(`${url}/v1/items/nothing`)).status).toBe(404);
  const query = `history=${QUESTION.history.join(',')}&k=5`;
  const byUrl = (await (await fetch(`${url}/v1/recommendations?${query}`)).json()) as Answer;
  expect(byUrl.items).toEqual(expected.items);
  expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({ status: 'ok' });
}

describe('in a Fastify server of somebody else', () => {
  let app: FastifyInstance | undefined;
  afterEach(() => app?.close());

  test('it answers under its prefix, with its own checks, and leaves the rest alone', async () => {
    app = Fastify({ pluginTimeout: 0 });
    app.setErrorHandler((_error, _request, reply) => reply.status(500).send({ mine: true }));
    app.get(
      '/own',
      { schema: { querystring: { type: 'object', properties: { n: { type: 'integer' } } } } },
      (request) => ({
        n: (request.query as { n: number }).n,
      }),
    );
    app.get('/broken', () => {
      throw new Error('no');
    });
    await app.register(towerkitPlugin, { prefix: '/recommender', ...options() });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    await check(`${url}/recommender`);
    expect(await (await fetch(`${url}/own?n=3`)).json()).toEqual({ n: 3 });
    expect(await (await fetch(`${url}/broken`)).json()).toEqual({ mine: true });
    expect((await ask(`${url}/recommender`, { text: 'x'.repeat(70_000) })).status).toBe(413);
    const metrics = await (await fetch(`${url}/recommender/metrics`)).text();
    expect(metrics).toContain('towerkit_answers_total{model="tower",source="two-tower"} 2');
  });

  test.each([
    [{ port: 3000 }, /^port: the server that this is part of decides on it$/],
    [{ artifcats: [] }, /artifcats/],
  ])('%j is no option of it', async (wrong, told) => {
    app = Fastify();
    const registered = app.register(towerkitPlugin, { ...options(), ...wrong });
    await expect(registered).rejects.toMatchObject({
      code: 'BAD_OPTION',
      message: expect.stringMatching(told),
    });
  });

  test('a server whose artifact is broken does not start', async () => {
    app = Fastify();
    const gone = { ...options(), artifacts: [join(folder, 'gone')] };
    await expect(app.register(towerkitPlugin, gone)).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
  });
});

test('the example for Express, whose own parser reads the body first', async () => {
  const script = join(ROOT, 'examples/express/server.mjs');
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    PORT: '0',
    ARTIFACT: artifact('tower'),
    EVENTS: join(folder, 'express.db'),
  };
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const url = new URL(line);
  await check(`${url.origin}/recommender`);
  expect(((await (await fetch(line)).json()) as Answer).items).toHaveLength(3);
  expect(await (await fetch(url.origin)).json()).toEqual({ shop: 'open' });
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('the example for Next.js', async () => {
  // As Next.js compiles it; jest cannot load what it imports.
  const route = join(ROOT, 'examples/next/app/api/recommender/[...path]/route.ts');
  const { outputText } = transpileModule(await readFile(route, 'utf8'), {
    compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 },
  });
  const file = join(ROOT, `.next-example-${process.pid}.mjs`);
  await writeFile(file, `${outputText}${driver()}`);
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    ARTIFACT: artifact('tower'),
    EVENTS: join(folder, 'next.db'),
  };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [file], { env, timeout: 60_000 });
    const [post, get, wrong] = JSON.parse(stdout) as { status: number; body: Answer }[];
    expect(post.status).toBe(200);
    expect(post.body.items).toEqual(expected.items);
    expect(get.body.items).toHaveLength(2);
    expect(wrong).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
  } finally {
    await rm(file, { force: true });
  }
});

/** Asks a route handler as Next.js would, and closes what it opened. */
const driver = () => `
const url = 'http://localhost:3000/api/recommender/v1/recommendations';
const headers = { 'content-type': 'application/json' };
const answers = [
  await answer(new Request(url, { method: 'POST', headers, body: '${JSON.stringify(QUESTION)}' })),
  await answer(new Request(url + '?k=2')),
  await answer(new Request(url + '?k=0')),
];
const told = answers.map(async (response) => ({ status: response.status, body: await response.json() }));
console.log(JSON.stringify(await Promise.all(told)));
await (await globalThis.recommender).close();
`;
