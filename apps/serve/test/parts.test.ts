import { expect, test } from '@jest/globals';
import { EventKinds } from '@towerkit/events';
import { z } from 'zod';

import { ApiKeys } from '../src/http/api-keys.js';
import { Registry } from '../src/models/registry.js';
import { TitleSearch } from '../src/models/title-search.js';
import { optionsSchema } from '../src/options.js';
import { queryOf } from '../src/schemas/query.js';

test('no model answers before those it takes are open', () => {
  const registry = new Registry();
  for (const of of [() => registry.first, () => registry.at(0.5), () => registry.pair])
    expect(of).toThrow(expect.objectContaining({ code: 'NOT_READY' }));
});

test('titles are found by all the beginnings asked for, the popular first, without case or accents', () => {
  const titles = ['Pokémon Red', 'Pokemon Blue', 'Red Dead', null, 'reddish poker'];
  const search = TitleSearch.of(titles, Int32Array.of(1, 5, 3, 9, 2));
  expect(search.find('poke', 10)).toEqual([1, 4, 0]);
  expect(search.find('RED pok', 10)).toEqual([4, 0]);
  expect(search.find('re', 2)).toEqual([2, 4]);
  expect(search.find('green', 10)).toEqual([]);
  expect(search.find(' -- ', 10)).toEqual([]);
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
