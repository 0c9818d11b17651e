import { expect, test } from '@jest/globals';
import { z } from 'zod';

import { queryOf } from '../src/index.js';

test('a query string stands for what a body says, and is checked alike', () => {
  const schema = z.strictObject({
    history: z.array(z.string()).max(2).optional(),
    k: z.int().max(9).default(5),
    explain: z.boolean().default(false),
    filter: z.record(z.string(), z.unknown()).optional(),
  });
  const read = (query: object) => queryOf(schema).safeParse(query);
  expect(read({ history: 'a,b', k: '7', explain: 'true', filter: '{"x":1}' }).data).toEqual({
    history: ['a', 'b'],
    k: 7,
    explain: true,
    filter: { x: 1 },
  });
  expect(read({}).data).toEqual({ k: 5, explain: false });
  for (const bad of [
    { k: '10' },
    { k: 'x' },
    { k: '' },
    { history: 'a,b,c' },
    { filter: '{' },
    { other: '1' },
  ])
    expect(read(bad).success).toBe(false);
});

test('a list in a query string: commas, a JSON array, or one id each time; anything else once', () => {
  const schema = z.strictObject({ history: z.array(z.string()).max(3).optional(), k: z.int().optional() });
  const read = (query: object) => queryOf(schema).safeParse(query);
  expect(read({ history: ['a', 'b,c'] }).data).toEqual({ history: ['a', 'b,c'] });
  expect(read({ history: '["b,c"," d "]' }).data).toEqual({ history: ['b,c', ' d '] });
  expect(read({ history: ['b,c', ''] }).data).toEqual({ history: ['b,c'] });
  expect(read({ history: 'a, b c' }).data).toEqual({ history: ['a', 'b c'] });
  for (const bad of [
    { k: ['1', '2'] },
    { history: '[1]' },
    { history: ['a', 'b', 'c', 'd'] },
    { history: { a: '1' } },
  ])
    expect(read(bad).success).toBe(false);
  expect(read({ k: ['1', '2'] }).error!.issues[0].message).toBe('expected to be given once');
});
