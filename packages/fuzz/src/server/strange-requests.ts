import fc from 'fast-check';

import type { WireRequest } from './exchange.js';

/** A request with the operation that it was made for. */
export interface RequestCase {
  readonly operation: string;
  readonly request: WireRequest;
}

/** Headers that requests seldom have. */
export const strayHeaders: fc.Arbitrary<(readonly [string, string])[]> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<(readonly [string, string])[]>([]) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<readonly [string, string]>(
        ['accept', 'text/html;q=x'],
        ['host', 'evil.example'],
        ['x-forwarded-for', '1.2.3.4, ::1'],
        ['authorization', 'Bearer \xff'],
        ['content-length', '5'],
        ['transfer-encoding', 'chunked'],
        ['expect', '100-continue'],
        ['connection', 'upgrade'],
        ['range', 'bytes=0-,-1'],
        ['if-none-match', '*'],
        ['origin', 'null'],
        ['x', 'y'.repeat(20_000)],
        ['a b', 'c'],
        ['x', 'a\0b'],
      )
      .map((one): (readonly [string, string])[] => [one]),
  },
);

/** Requests for no operation. */
export const strange = (paths: readonly string[]): fc.Arbitrary<RequestCase> =>
  fc
    .tuple(
      fc.constantFrom(
        'GET',
        'POST',
        'PUT',
        'DELETE',
        'HEAD',
        'OPTIONS',
        'PATCH',
        'TRACE',
        'CONNECT',
        'FOO',
        'get',
      ),
      fc.oneof(
        fc.constantFrom(...paths),
        fc.constantFrom(
          '/',
          '/docs',
          '/docs/',
          '/docs/json',
          '/docs/static/../../package.json',
          '/index.html',
          '/app.js',
          '/..',
          '/../package.json',
          '/%2e%2e/package.json',
          '//',
          '*',
          'http://evil.example/',
          '/no-such',
          '/\xff',
          '/%',
          '',
          `/${'a/'.repeat(4000)}`,
        ),
      ),
    )
    .map(([method, target]) => ({
      operation: 'none',
      request: { method, target, headers: [['host', '127.0.0.1']] },
    }));
