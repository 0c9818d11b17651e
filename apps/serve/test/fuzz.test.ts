import { afterEach, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { OpenApiFuzzer, type Document, type FuzzedRequest } from './setup/openapi-fuzz.js';
import { artifact, scratch, startServer, type TestServer } from './setup/server.js';

/** Requests; all of them where everything is tested. */
const REQUESTS = process.env.TOWERKIT_FULL ? 10_000 : 1000;
const SENDERS = 8;
const SLOW = 40;

let server: TestServer | undefined;
let remove: () => Promise<void>;
const start = async (options: object = {}) => {
  const own = await scratch();
  remove = own.remove;
  return (server = await startServer(own.folder, {
    artifacts: [artifact('tower')],
    log: 'error',
    ...options,
  }));
};
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await remove();
});

test(`${REQUESTS} requests made from the OpenAPI document and spoilt: no 5xx, each refusal a problem, no crash`, async () => {
  const { url, get, post, said } = await start({
    artifacts: [artifact('tower'), artifact('popularity')],
    interleave: true,
    impressions: 'all',
  });
  const fuzzer = new OpenApiFuzzer((await get<Document>('/openapi.json')).body, new Rng(3));
  const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });
  const statuses = new Map<number, number>();
  const done = new Set<string>();
  let sent = 0;
  const sender = async () => {
    while (sent++ < REQUESTS) {
      const fuzzed = fuzzer.next();
      const answer = await send(agent, url, fuzzed);
      if (!answer) continue;
      const { status, type, text } = answer;
      const about = `${status} for ${JSON.stringify(fuzzed).slice(0, 500)}: ${text}`;
      if (status >= 500) throw new Error(`${about}\n${said()}`);
      if (status >= 400 && !/^application\/problem\+json/.test(type)) throw new Error(about);
      if (status >= 400)
        expect(JSON.parse(text)).toMatchObject({ status, code: expect.stringMatching(/^[A-Z_]+$/) });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status < 300) done.add(`${fuzzed.method} ${fuzzed.path.split('?')[0]}`);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  agent.destroy();
  expect(statuses.get(400)).toBeGreaterThan(REQUESTS / 10);
  for (const route of ['POST /v1/events', 'POST /v1/recommendations', 'GET /v1/experiments/outcomes'])
    expect(done).toContain(route); // not all of them are refused
  expect(server!.process.exitCode).toBeNull();
  expect((await post('/v1/recommendations', { history: ['P0001'] })).status).toBe(200);
});

test('slow and silent clients are cut off, and the others are answered meanwhile', async () => {
  const { url, post } = await start({ limits: { request: 1000, idle: 1000 } });
  const { port } = new URL(url);
  const sockets = Array.from(
    { length: SLOW },
    () =>
      connect(Number(port), '127.0.0.1')
        .on('error', () => undefined)
        .resume(), // reads what it is told, and so sees the end
  );
  const closed = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  const letters =
    'POST /v1/recommendations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n{'.padEnd(900);
  let at = 0;
  const dribble = setInterval(() => {
    const letter = letters[at++ % letters.length];
    for (const socket of sockets.slice(SLOW / 2)) if (socket.writable) socket.write(letter); // the others stay silent
  }, 50);
  try {
    for (let turn = 0; turn < 20; turn++) {
      expect((await post('/v1/recommendations', { history: ['P0001'] })).status).toBe(200);
      await sleep(50);
    }
    const all = await Promise.race([Promise.all(closed).then(() => true), sleep(30_000).then(() => false)]);
    expect(all).toBe(true);
  } finally {
    clearInterval(dribble);
    sockets.forEach((socket: Socket) => socket.destroy());
  }
  expect((await post('/v1/recommendations', { history: ['P0001'] })).status).toBe(200);
});

test('clients that close their half after the question, or go away, are no harm', async () => {
  const { url, post } = await start();
  const { port } = new URL(url);
  const body = JSON.stringify({ history: ['P0001', 'P0002'] });
  const head = `POST /v1/recommendations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const answers = await Promise.all(
    Array.from(
      { length: SLOW },
      (_, at) =>
        new Promise<string>((resolve) => {
          const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
          let text = '';
          socket.on('error', () => undefined).on('data', (part) => (text += String(part)));
          socket.on('close', () => resolve(at % 2 === 0 ? text : 'gone'));
          socket.on('end', () => socket.end());
          socket.write(head + body, () => (at % 2 === 0 ? socket.end() : socket.destroy()));
        }),
    ),
  );
  // Node hangs up on a client that closes its half: it gets a whole answer or none.
  for (const text of answers) expect(text).toMatch(/^(gone|HTTP\/1\.1 200 [^]*\}|)$/);
  expect((await post('/v1/recommendations', { history: ['P0001'] })).status).toBe(200);
});

interface Sent {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** An answer; none where the server hung up on a body that is over its limit. */
function send(
  agent: Agent,
  url: string,
  { method, path, type, body }: FuzzedRequest,
): Promise<Sent | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { ...(type !== undefined && { 'content-type': type }) };
    const sent = request(url + '/', { agent, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () =>
        resolve({ status: response.statusCode!, type: String(response.headers['content-type']), text }),
      );
    });
    sent.on('error', (error) => ((body?.length ?? 0) > 64 * 1024 ? resolve(undefined) : reject(error)));
    sent.end(body);
  });
}
