import { afterEach, describe, expect, test } from '@jest/globals';

import { startApp, type TestApp } from './setup/app.js';

let app: TestApp;
afterEach(() => app.close());

const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(app.url + path, { method, headers });

describe('every answer', () => {
  test('says how it may be used, whatever it is', async () => {
    app = await startApp({}, { keys: ['k'] });
    for (const path of ['/health/live', '/v1/models', '/nowhere', '/v1/items/%ff', '/v1/items?k=x']) {
      const { headers } = await ask(path, path.includes('k=x') ? { 'x-api-key': 'k' } : {});
      expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff']);
      expect([path, headers.get('cache-control')]).toEqual([path, 'no-store']);
      expect(headers.get('content-security-policy')).toMatch(
        /default-src '(self|none)'.*frame-ancestors 'none'/,
      );
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(headers.get('x-powered-by')).toBeNull();
      if (path.includes('%ff')) continue; // is refused before any plugin
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('strict-transport-security')).toBeNull();
    }
  });
});

describe('the name that a request is for', () => {
  const statusFor = async (host: string) => {
    const text = await app.send(`GET /health/live HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    return [Number(text.slice(9, 12)), /"code":"(\w+)"/.exec(text)?.[1]];
  };
  const refused = [421, 'UNKNOWN_HOST'];
  const answered = [200, undefined];

  test('is one of the loopback where the server listens there', async () => {
    app = await startApp();
    for (const name of ['localhost', 'LOCALHOST:8080', '127.0.0.1:80', '[::1]:8080', '[::1]'])
      expect([name, ...(await statusFor(name))]).toEqual([name, ...answered]);
    for (const name of [
      'evil.example',
      'evil.example:8080',
      'localhost.evil.example',
      '127.0.0.1.nip.io',
      '10.0.0.1',
    ])
      expect([name, ...(await statusFor(name))]).toEqual([name, ...refused]);
    for (const name of ['a@localhost', 'localhost/x', '::1', '[::1', ''])
      expect([name, ...(await statusFor(name))]).toEqual([name, 400, 'BAD_REQUEST']);
  });

  test('may be one of `hosts`, too', async () => {
    app = await startApp({ hosts: ['Shop.example'] });
    expect(await statusFor('shop.example:443')).toEqual(answered);
    expect(await statusFor('localhost')).toEqual(answered);
    expect(await statusFor('evil.example')).toEqual(refused);
  });

  test('is any where it listens on all addresses, unless `hosts` has names', async () => {
    app = await startApp({ host: '0.0.0.0' });
    expect(await statusFor('any.example')).toEqual(answered);
    await app.close();
    app = await startApp({ host: '0.0.0.0', hosts: ['shop.example'] });
    expect(await statusFor('shop.example')).toEqual(answered);
    expect(await statusFor('any.example')).toEqual(refused);
  });
});

describe('CORS', () => {
  const ORIGIN = 'https://shop.example';

  test('is off by default', async () => {
    app = await startApp();
    expect(
      (await ask('/v1/slow?ms=0', { origin: ORIGIN })).headers.get('access-control-allow-origin'),
    ).toBeNull();
    expect((await ask('/v1/models', { origin: ORIGIN }, 'OPTIONS')).status).toBe(404);
  });

  test('answers what a browser asks before a request with a key, for the origins it lists', async () => {
    app = await startApp({ cors: [ORIGIN], limits: { rate: 5 } }, { keys: ['k'] });
    const preflight = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-api-key',
    };
    const allowed = await ask('/v1/echo', { origin: ORIGIN, ...preflight }, 'OPTIONS');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(allowed.headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(allowed.headers.get('access-control-allow-headers')).toBe('x-api-key');
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    expect(allowed.headers.get('vary')).toMatch(/origin/i);
    const other = await ask('/v1/echo', { origin: 'https://evil.example', ...preflight }, 'OPTIONS');
    expect(other.headers.get('access-control-allow-origin')).not.toBe('https://evil.example');
    // Refusals can be read from there, too.
    const seen = await Promise.all(Array.from({ length: 8 }, () => ask('/v1/models', { origin: ORIGIN })));
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set([401, 429]));
    for (const { headers } of seen) expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
    // An OPTIONS request that asks for nothing is no plain text error.
    expect((await ask('/v1/models', {}, 'OPTIONS')).headers.get('content-type') ?? '').not.toMatch(/text/);
  });
});

describe('faults behind the server', () => {
  test('are told without hosts, users or stack traces', async () => {
    app = await startApp();
    const event = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"user":"u","item":"i"}',
    };
    for (const answer of [await ask('/health/ready'), await fetch(`${app.url}/v1/events`, event)]) {
      const problem = (await answer.json()) as Record<string, string>;
      expect([answer.status, problem.code]).toEqual([503, 'STORE_UNAVAILABLE']);
      expect(JSON.stringify(problem)).not.toMatch(/10\.1\.2\.3|5432|secret|postgres|ECONN|at /);
    }
  });
});
