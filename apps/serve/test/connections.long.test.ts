import { afterEach, describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { startApp, type TestApp } from './setup/app.js';

let app: TestApp;
afterEach(() => app.close());

const HOST = 'Host: localhost\r\n';
const CLOSE = 'Connection: close\r\n';
const get = (target: string, headers = '', version = '1.1') =>
  `GET ${target} HTTP/${version}\r\n${HOST}${headers}\r\n`;
const post = (headers: string, body: string) =>
  `POST /v1/echo HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n${headers}\r\n${body}`;

/** Statuses of the answers on a connection, and the codes of those that are problems. */
function answersOf(text: string): (number | string)[] {
  return text
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .filter((part) => part !== '')
    .map((part) => {
      const [head, body] = part.split('\r\n\r\n');
      const status = Number(head.slice(9, 12));
      if (status < 400) return status;
      expect(head).toMatch(/content-type: application\/problem\+json/i);
      expect(head).toMatch(/x-content-type-options: nosniff/i);
      const problem = JSON.parse(body) as { code: string };
      expect(problem).toMatchObject({ type: 'about:blank', status, title: expect.any(String) });
      return `${status} ${problem.code}`;
    });
}

describe('what is no request, or not a whole one, is a problem', () => {
  const refused = '400 BAD_REQUEST';
  const BODY = 'Content-Length: 7\r\n';
  test.each<[string, string, (number | string)[]]>([
    ['garbage', 'nonsense\r\n\r\n', [refused]],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01', [refused]],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [refused]],
    ['raw UTF-8 in the target', get('/v1/items?q=ö'), [refused]],
    ['a target without a slash', get('v1/items'), [refused]],
    ['a byte that is no UTF-8 when decoded', get('/v1/items/%ff', CLOSE), [refused]],
    ['an unknown method', get('/').replace('GET', 'FROB'), [refused]],
    ['a zero byte in a header', get('/health/live', 'A: b\0c\r\n'), [refused]],
    ['a header that is folded', get('/health/live', 'A: b\r\n c\r\n'), [refused]],
    ['two lengths', post('Content-Length: 7\r\nContent-Length: 8\r\n', '{"k":1}'), [refused]],
    ['a length and chunks', post(`${BODY}Transfer-Encoding: chunked\r\n`, '0\r\n\r\n'), [refused]],
    ['a negative length', post('Content-Length: -1\r\n', ''), [refused]],
    ['a chunk without a size', post('Transfer-Encoding: chunked\r\n', 'zz\r\n{}\r\n0\r\n\r\n'), [refused]],
    ['no host', `GET /health/live HTTP/1.1\r\n${CLOSE}\r\n`, [refused]],
    ['two hosts', get('/health/live', HOST + CLOSE), [refused]],
    ['a host that is none', `GET /health/live HTTP/1.1\r\nHost: a b\r\n${CLOSE}\r\n`, [refused]],
    ['another expectation', get('/health/live', 'Expect: magic\r\n'), ['417 BAD_REQUEST']],
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n', ['501 BAD_REQUEST']],
    ['TRACE', get('/', CLOSE).replace('GET', 'TRACE'), ['404 NOT_FOUND']],
    ['OPTIONS *', get('*', CLOSE).replace('GET', 'OPTIONS'), ['404 NOT_FOUND']],
    ['garbage after a question', get('/v1/slow?ms=300') + 'nonsense\r\n\r\n', [200, refused]],
    ['a body that is longer than it says', post(BODY, '{"k":1}xxxx\r\n\r\n'), [200, refused]],
    ['a body that is shorter than it says', post(BODY, '{}'), ['408 REQUEST_TIMEOUT']],
    ['half a head', 'GET /health/li', ['408 REQUEST_TIMEOUT']],
    ['nothing', '', ['408 REQUEST_TIMEOUT']],
    ['a head without end', get('/health/live', `Cookie: ${'x'.repeat(3e6)}\r\n`), ['431 HEAD_TOO_LARGE']],
    ['a body that is too large', post('Content-Length: 99999\r\n', 'x'), ['413 BODY_TOO_LARGE']],
  ])('%s', async (_what, bytes, expected) => {
    app = await startApp({ limits: { request: 400, idle: 400 } });
    expect(answersOf(await app.send(bytes))).toEqual(expected);
  });

  test.each<[string, string, (number | string)[]]>([
    ['HTTP/1.0, without a host', 'GET /health/live HTTP/1.0\r\n\r\n', [200]],
    ['a whole address', get('http://127.0.0.1/health/live', CLOSE).replace('localhost', 'other'), [200]],
    [
      'several questions at once',
      get('/health/live').repeat(2) + get('/health/live', CLOSE),
      [200, 200, 200],
    ],
    ['HEAD', get('/health/live', CLOSE).replace('GET', 'HEAD'), [200]],
    ['an upgrade', get('/health/live', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'), [200]],
    ['100-continue', post('Expect: 100-continue\r\nContent-Length: 7\r\n', '{"k":1}'), [100, 200]],
    ['chunks', post('Transfer-Encoding: chunked\r\n', '7\r\n{"k":1}\r\n0\r\n\r\n'), [200]],
  ])('%s is one', async (_what, bytes, expected) => {
    app = await startApp({ limits: { idle: 50 } });
    expect(answersOf(await app.send(bytes))).toEqual(expected);
  });

  test('a client that closes its half amid a body is told, and one amid nothing is not waited for', async () => {
    app = await startApp();
    expect(answersOf(await app.send(post('Content-Length: 7\r\n', '{}'), { half: true }))).toEqual([refused]);
    expect(answersOf(await app.send('', { half: true }))).toEqual([]);
  });
});

describe('the head', () => {
  const ids = (count: number) => Array.from({ length: count }, () => encodeURIComponent('新'.repeat(512)));

  test('fits as many ids of 512 characters as a history may have', async () => {
    app = await startApp({ limits: { history: 500 } });
    const target = `/v1/recommendations?history=${ids(500).join(',')}`;
    expect(target.length).toBeGreaterThan(2_300_000);
    // Read and checked: what is missing is a model.
    expect(answersOf(await app.send(get(target, CLOSE)))).toEqual(['503 NOT_READY']);
  });

  test('has a limit that can be set, and an answer that does not grow with it', async () => {
    app = await startApp({ limits: { head: 20_000 } });
    expect(answersOf(await app.send(get('/v1/items', `Cookie: ${'x'.repeat(30_000)}\r\n`)))).toEqual([
      '431 HEAD_TOO_LARGE',
    ]);
    for (const target of [`/${'x'.repeat(8000)}`, `/v1/items?${'x'.repeat(15_000)}=1`]) {
      const text = await app.send(get(target, CLOSE));
      expect(answersOf(text)[0]).toMatch(/^40[04] /);
      expect(text.length).toBeLessThan(4000);
    }
  });
});

test('a target of millions of parts is refused before they are read', async () => {
  app = await startApp();
  const refused = async (target: string) => {
    const text = await app.send(get(target, CLOSE));
    expect(answersOf(text)).toEqual(['400 BAD_REQUEST']);
    return text;
  };
  const names = Array.from({ length: 300_000 }, (_, n) => n.toString(36)).join('&');
  expect(await refused(`/v1/items?${names}`)).toMatch(/more than 1100 parameters/);
  expect(await refused(`/v1/${'a/'.repeat(1_000_000)}`)).toMatch(/longer than 8192 bytes/);
  expect(await refused(`/${'%41'.repeat(700_000)}?k=1`)).toMatch(/longer than 8192 bytes/);
  expect(answersOf(await app.send(get(`/v1/${'a/'.repeat(4000)}`, CLOSE)))).toEqual(['404 NOT_FOUND']);
});

describe('places in flight', () => {
  test('are not taken by bodies that have not come', async () => {
    app = await startApp({ limits: { inFlight: 1, request: 500 } });
    const slow = Array.from({ length: 8 }, () => app.send(post('Content-Length: 7\r\n', '{')));
    await sleep(100);
    expect((await fetch(`${app.url}/v1/slow?ms=0`)).status).toBe(200);
    for (const text of await Promise.all(slow)) expect(answersOf(text)).toEqual(['408 REQUEST_TIMEOUT']);
  });

  test('are held until the answer is there, also for a client that has gone, and given back after any answer', async () => {
    app = await startApp({ limits: { inFlight: 1 } });
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    socket.write(get('/v1/slow?ms=600'), () => setTimeout(() => socket.destroy(), 100));
    await sleep(250);
    const refused = await fetch(`${app.url}/v1/slow?ms=0`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await fetch(`${app.url}/health/live`)).status).toBe(200);
    await sleep(600);
    for (const path of ['/v1/slow?ms=0', '/v1/items/x', '/v1/items?k=x', '/v1/experiments/outcomes'])
      expect([path, await (await fetch(app.url + path)).text()]).not.toEqual([path, /OVERLOADED/]);
    expect((await fetch(`${app.url}/v1/slow?ms=0`)).status).toBe(200);
  });
});

describe('silence', () => {
  test('is not that of a client whose answer is being computed', async () => {
    app = await startApp({ limits: { idle: 50, request: 100 } });
    const answers = answersOf(await app.send(get('/v1/slow?ms=20') + get('/v1/slow?ms=600')));
    expect(answers).toEqual([200, 200]);
  });

  test('is that of a client which does not read its answer', async () => {
    app = await startApp({ limits: { idle: 300 } });
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1').pause();
    const cut = new Promise((resolve) => socket.on('error', resolve).on('close', resolve));
    socket.write(get('/v1/large'));
    await sleep(2500);
    socket.resume(); // what lies in the buffers, and then the end
    await cut;
    expect(socket.bytesRead).toBeLessThan(32 * 1024 * 1024);
  });

  test('of 500 connections keeps nobody from being answered, and ends', async () => {
    app = await startApp({ limits: { request: 500 } });
    const silent = Array.from({ length: 500 }, () => app.send(''));
    expect((await fetch(`${app.url}/health/live`)).status).toBe(200);
    expect(new Set((await Promise.all(silent)).flatMap(answersOf))).toEqual(new Set(['408 REQUEST_TIMEOUT']));
  });
});
