import { describe, expect, test } from '@jest/globals';
import { Matrix } from '@towerkit/core';

import { checkPredicate, createIndex, type Predicate } from '../src/index.js';

const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
  let where: unknown = { price: 1 };
  for (let level = 0; level < depth; level++) where = wrap(where);
  return where;
};
const cyclic = (): unknown => {
  const where: { all: unknown[] } = { all: [] };
  where.all.push(where);
  return where;
};
const shared = (): unknown => {
  let where: unknown = { price: 1 };
  for (let level = 0; level < 60; level++) where = { any: [where, where] };
  return where;
};

const TOO_MUCH: [string, unknown][] = [
  ['101 times not', nested(101, (not) => ({ not }))],
  ['100,000 times not', nested(100_000, (not) => ({ not }))],
  ['100,000 times all', nested(100_000, (inner) => ({ all: [inner] }))],
  ['100,000 lists in a condition', { price: nested(100_000, (inner) => [inner]) }],
  ['100,000 lists in an order', { price: { lt: nested(100_000, (inner) => [inner]) } }],
  ['itself', cyclic()],
  ['2^60 parts that are one object', shared()],
  ['1,001 parts', { any: Array.from({ length: 500 }, () => ({ price: 1 })) }],
  ['1,001 conditions of no attribute', { any: Array.from({ length: 1001 }, () => ({})) }],
  ['100,001 values', { price: { in: Array.from({ length: 100_001 }, (_, i) => i) } }],
  [
    '100,001 values of two lists',
    { all: [{ price: { in: new Array(60_000).fill(1) } }, { price: { nin: new Array(40_001).fill(1) } }] },
  ],
  ['an object without a text', { price: { lt: Object.create(null) as unknown } }],
  ['a list for a value', { price: [[[]]] }],
  ['a function', { price: () => 1 }],
  ['a big integer', { price: 1n }],
  ['no object', 'price'],
  ['nothing', null],
];

const WITHIN: [string, unknown][] = [
  ['100 times not', nested(100, (not) => ({ not }))],
  ['hundreds of parts', { any: Array.from({ length: 499 }, () => ({ price: 1 })) }],
  ['100,000 values', { price: { in: Array.from({ length: 100_000 }, (_, i) => i) } }],
];

describe('a predicate beyond its limits is BAD_FILTER', () => {
  test.each(TOO_MUCH)('where it comes in: %s', (_, where) => {
    expect(() => checkPredicate(where)).toThrow(expect.objectContaining({ code: 'BAD_FILTER' }));
  });

  test.each(TOO_MUCH)('in a search: %s', async (_, where) => {
    const index = await createIndex('exact', { dimensions: 1, threads: 1 });
    await index.build(new Matrix(1, 1), { attributes: { price: [1] } });
    const search = index.search(new Float32Array(1), 1, { filter: { where: where as Predicate } });
    await expect(search).rejects.toThrow(expect.objectContaining({ code: 'BAD_FILTER' }));
    await index.close();
  });

  test.each(WITHIN)('and within them is not: %s', async (_, where) => {
    checkPredicate(where);
    const index = await createIndex('exact', { dimensions: 1, threads: 1 });
    await index.build(new Matrix(1, 1), { attributes: { price: [1] } });
    expect((await index.search(new Float32Array(1), 1, { filter: { where } })).ids).toHaveLength(1);
    await index.close();
  });

  test('a message stays one short line', () => {
    for (const where of [
      { price: { like: 1 } },
      { price: { ['x'.repeat(1e5)]: 1 } },
      { price: { lt: ['x'.repeat(1e5)] } },
    ])
      try {
        checkPredicate(where);
        throw new Error('it was taken');
      } catch (error) {
        expect((error as Error).message.length).toBeLessThan(200);
        expect((error as Error).message).not.toContain('\n');
      }
  });

  test('an unknown attribute is for the index to refuse', () => {
    expect(() => checkPredicate({ colour: { in: ['red'] } })).not.toThrow();
  });
});
