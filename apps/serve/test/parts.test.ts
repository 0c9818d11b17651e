import { expect, test } from '@jest/globals';
import { EventKinds } from '@towerkit/events';
import { z } from 'zod';

import { ApiKeys } from '../src/http/api-keys.js';
import { Registry } from '../src/models/registry.js';
import { optionsSchema } from '../src/options.js';
import { queryOf } from '../src/schemas/query.js';

test('no model answers before those it takes are open', () => {
  const registry = new Registry();
  for (const of of [() => registry.first, () => registry.at(0.5), () => registry.pair])
    expect(of).toThrow(expect.objectContaining({ code: 'NOT_READY' }));
});

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

test('keys are whole lines', () => {
  const keys = new ApiKeys(['one', 'two']);
  expect(['one', 'two', 'on', 'one ', ''].map((key) => keys.has(key))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('the config adds kinds of events and changes what they mean', () => {
  const { kinds } = optionsSchema.parse({
    artifacts: ['x'],
    kinds: { view: {}, wishlist: { history: true }, cart: { exclude: true } },
  });
  const own = new EventKinds(kinds);
  expect(own.history).toEqual(['interaction', 'click', 'like', 'purchase', 'wishlist']);
  expect(own.exclude).toEqual(['interaction', 'cart', 'purchase', 'dislike', 'hide']);
  expect(optionsSchema.safeParse({ artifacts: ['x'], kinds: { view: { hsitory: true } } }).success).toBe(
    false,
  );
});
