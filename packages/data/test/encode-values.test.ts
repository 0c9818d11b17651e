import { describe, expect, test } from '@jest/globals';

import { encodeCatalog, encodeInteractions } from '../src/index.js';

/** Expects a `BAD_VALUE` that says so much. */
const refused = (encode: () => unknown, more: Readonly<Record<string, unknown>> = {}) =>
  expect(encode).toThrow(expect.objectContaining({ code: 'BAD_VALUE', ...more }));

describe('arrays', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const thrower = {
    toString: () => {
      throw new Error('no');
    },
    toJSON: () => {
      throw new Error('no');
    },
  };
  const VALUES: unknown[] = [
    1,
    1n,
    null,
    undefined,
    Symbol('x'),
    cyclic,
    thrower,
    [],
    () => 1,
    true,
    '',
    ' ',
    '\ud800',
    'a\0',
    'x'.repeat(513),
  ];

  test('ids of any other kind are an error that names the row', () => {
    const rows = { user: ['a', 'b'], item: ['x', 'y'] };
    for (const value of VALUES) {
      for (const name of ['user', 'item'] as const)
        refused(() => encodeInteractions({ ...rows, [name]: ['a', value] } as never), {
          message: expect.stringMatching(`^row 1: ${name} cannot be `),
        });
      refused(() => encodeCatalog([{ id: 'a' }, { id: value }] as never), {
        message: expect.stringMatching(/^row 1 of the catalog: id cannot be /),
      });
    }
  });

  test('times and other numbers, too', () => {
    for (const value of [NaN, Infinity, 1n, null, undefined, '1', Symbol('x'), cyclic, thrower, new Date(0)])
      for (const name of ['time', 'position', 'rating'] as const)
        refused(() => encodeInteractions({ user: ['a'], item: ['x'], [name]: [value] } as never), {
          details: { row: 0, name },
        });
    expect(() =>
      encodeInteractions({ user: ['a'], item: ['x'], time: BigInt64Array.of(1n) } as never),
    ).toThrow('row 0: time cannot be the bigint 1n');
    for (const value of [1n, Infinity, Symbol('x'), cyclic, true])
      refused(() => encodeCatalog([{ id: 'a', price: value }] as never), {
        details: { row: 0, name: 'price' },
      });
    for (const row of [null, undefined, 'a', 1]) refused(() => encodeCatalog([row] as never));
  });
});
