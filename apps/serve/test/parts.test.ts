import { expect, test } from '@jest/globals';
import { z } from 'zod';

import { ApiKeys } from '../src/http/api-keys.js';
import { placeOf, Registry } from '../src/models/registry.js';
import { teamDraft } from '../src/models/team-draft.js';
import { TitleSearch } from '../src/models/title-search.js';
import { queryOf } from '../src/schemas/query.js';

test('team draft: a round gives each team its best item that is left', () => {
  const draft = (coin: boolean) =>
    teamDraft(
      [
        ['a', 'b', 'c'],
        ['b', 'a', 'd'],
      ],
      4,
      () => coin,
      String,
    ).map(({ item, team }) => `${item}${team}`);
  expect(draft(true)).toEqual(['a0', 'b1', 'c0', 'd1']);
  expect(draft(false)).toEqual(['b1', 'a0', 'd1', 'c0']);
  expect(teamDraft([[], ['x']], 4, () => true, String)).toEqual([{ item: 'x', team: 1 }]);
});

test('no model answers before those it takes are open', () => {
  const registry = new Registry();
  for (const of of [() => registry.first, () => registry.at(0.5), () => registry.pair])
    expect(of).toThrow(expect.objectContaining({ code: 'NOT_READY' }));
});

test('places of users are spread evenly, also of those with like ids', () => {
  const counts = new Array<number>(10).fill(0);
  for (let n = 0; n < 10_000; n++) counts[Math.floor(placeOf(`user-${n}`) * 10)]++;
  const chi2 = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chi2).toBeLessThan(27.9); // 9 degrees of freedom, p = .001
});

test('titles are found by all the beginnings asked for, the popular first, without case or accents', () => {
  const titles = ['Pokémon Red', 'Pokemon Blue', 'Red Dead', null, 'reddish poker'];
  const search = TitleSearch.of(titles, [1, 5, 3, 9, 2]);
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
