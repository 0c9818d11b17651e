import { afterEach, expect, test } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { artifact, scratch, startServer, type TestServer } from './setup/server.js';

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
