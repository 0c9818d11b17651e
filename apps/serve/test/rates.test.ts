import { afterEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';

import { optionsSchema } from '../src/options.js';
import { startApp, type TestApp } from './setup/app.js';

let app: TestApp;
afterEach(() => app?.close());

/** How many of so many requests at once get each status. */
async function statuses(count: number, path: string, headers: Record<string, string> = {}) {
  const found: Record<number, number> = {};
  const all = Array.from({ length: count }, () => fetch(app.url + path, { headers }));
  for (const { status } of await Promise.all(all)) found[status] = (found[status] ?? 0) + 1;
  return found;
}

const key = (text: string) => ({ authorization: `Bearer ${text}` });

describe('rates', () => {
  test.each(['/nowhere', '/v1/slow?ms=0', '/v1/items?k=x'])(
    '%s counts, whatever comes of it',
    async (path) => {
      app = await startApp({ limits: { rate: 3 } });
      expect(await statuses(9, path)).toMatchObject({ 429: 6 });
      expect(await statuses(9, '/health/live')).toEqual({ 200: 9 });
    },
  );

  test('a 429 is a problem that says when to come again', async () => {
    app = await startApp({ limits: { rate: 1 } });
    await fetch(app.url);
    const refused = await fetch(app.url);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await refused.json()).toMatchObject({ code: 'RATE_LIMITED' });
  });

  test('a key has a rate of its own; what comes without one has that of its address', async () => {
    app = await startApp({ limits: { rate: 4 } }, { keys: ['a', 'b'] });
    expect(await statuses(6, '/v1/slow?ms=0', key('a'))).toEqual({ 200: 4, 429: 2 });
    expect(await statuses(4, '/v1/slow?ms=0', key('b'))).toEqual({ 200: 4 });
    expect(await statuses(6, '/v1/slow?ms=0')).toEqual({ 401: 4, 429: 2 });
  });

  test('no key is found by trying, even in one packet: past its rate the right one is refused like the wrong', async () => {
    app = await startApp({}, { keys: ['right'] }); // with no rate set
    const guess = (text: string, more = '') =>
      `GET /v1/slow?ms=0 HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: ${text}\r\n${more}\r\n`;
    const guesses = Array.from({ length: 99 }, (_, n) => guess(`wrong ${n}`)).join('');
    const text = await app.send(guesses + guess('right', 'Connection: close\r\n'));
    const found = Array.from(text.matchAll(/HTTP\/1\.1 (\d+) /g), ([, status]) => status);
    expect(found).toHaveLength(100);
    expect(found.filter((status) => status === '429').length).toBeGreaterThanOrEqual(80);
    expect(found).not.toContain('200');
    await sleep(1100);
    expect(await statuses(30, '/v1/slow?ms=0', key('wrong'))).toEqual({ 401: 20, 429: 10 });
    expect(await statuses(1, '/v1/slow?ms=0', key('right'))).toEqual({ 429: 1 });
    await sleep(1100);
    expect(await statuses(50, '/v1/slow?ms=0', key('right'))).toEqual({ 200: 50 });
  });

  test('addresses behind a proxy are told apart where it is trusted, those of IPv6 by their /64', async () => {
    app = await startApp({ trustProxy: ['127.0.0.1'], limits: { rate: 2 } });
    const from = (address: string) => ({ 'x-forwarded-for': address });
    expect(await statuses(3, '/v1/slow?ms=0', from('192.0.2.1'))).toEqual({ 200: 2, 429: 1 });
    expect(await statuses(2, '/v1/slow?ms=0', from('192.0.2.2'))).toEqual({ 200: 2 });
    // What a client itself puts before the proxy's word does not count.
    expect(await statuses(2, '/v1/slow?ms=0', from('192.0.2.9, 192.0.2.2'))).toEqual({ 429: 2 });
    expect(await statuses(2, '/v1/slow?ms=0', from('2001:db8:1:2::1'))).toEqual({ 200: 2 });
    expect(await statuses(2, '/v1/slow?ms=0', from('2001:db8:1:2:ffff::2'))).toEqual({ 429: 2 });
    expect(await statuses(2, '/v1/slow?ms=0', from('2001:db8:1:3::1'))).toEqual({ 200: 2 });
  });

  test('nobody is trusted about an address by default', async () => {
    app = await startApp({ limits: { rate: 1 } });
    expect(await statuses(1, '/nowhere', { 'x-forwarded-for': '192.0.2.1' })).toEqual({ 404: 1 });
    expect(await statuses(1, '/nowhere', { 'x-forwarded-for': '192.0.2.2' })).toEqual({ 429: 1 });
  });
});

describe('trustProxy', () => {
  const parse = (trustProxy: unknown) => optionsSchema.safeParse({ artifacts: ['a'], trustProxy });

  test.each<[unknown, string[]]>([
    [undefined, []],
    [false, []],
    ['10.0.0.5', ['10.0.0.5']],
    ['10.0.0.5, 192.168.0.0/16', ['10.0.0.5', '192.168.0.0/16']],
    [
      ['::1', 'fd00::/8', 'loopback'],
      ['::1', 'fd00::/8', 'loopback'],
    ],
  ])('takes %j', (given, expected) => {
    expect(parse(given).data?.trustProxy).toEqual(expected);
  });

  test.each([
    true,
    1,
    'true',
    '',
    'proxy.example',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    ['*'],
    {},
  ])('does not take %j, and says what to write', (given) => {
    expect(parse(given).error?.issues[0].message).toMatch(/the addresses of your own proxies, such as/);
  });
});
