import { describe, expect, test } from '@jest/globals';
import { Matrix, Rng } from '@towerkit/core';
import { z } from 'zod';

import { ApiKeys } from '../src/http/api-keys.js';
import { placeOf, Registry } from '../src/models/registry.js';
import { teamDraft } from '../src/models/team-draft.js';
import { TitleSearch } from '../src/models/title-search.js';
import { queryOf } from '../src/schemas/query.js';
import { diversify } from '../src/worker/diversify.js';

describe('diversify', () => {
  // Two directions: 0 and 1 are the same, 2 is another, 3 opposes 0.
  const vectors = new Matrix(4, 2, Float32Array.of(1, 0, 2, 0, 0, 1, -1, 0));
  const ranked = { items: [0, 1, 2, 3], scores: [4, 3, 2, 0] };

  test('at 0 it is the ranking; in between, what is alike waits', () => {
    expect(diversify(ranked, vectors, 4, 0).items).toEqual([0, 1, 2, 3]);
    // By hand, at .5: 0 first (relevance 1). Then 1: .5*.75 - .5*1 = -.125; 2: .25 - 0; 3: 0 + .5 = .5. Then 2, then 1.
    expect(diversify(ranked, vectors, 4, 0.5)).toEqual({ items: [0, 3, 2, 1], scores: [4, 0, 2, 3] });
  });

  test('equals a naive computation on random vectors', () => {
    const rng = new Rng(3);
    const random = new Matrix(
      30,
      5,
      Float32Array.from({ length: 150 }, () => rng.normal()),
    );
    const scores = Array.from({ length: 30 }, () => rng.normal()).sort((a, b) => b - a);
    const items = Array.from({ length: 30 }, (_, item) => item);
    const cosine = (a: number, b: number) => {
      const [x, y] = [random.row(a), random.row(b)];
      const dot = (p: Float32Array, q: Float32Array) => p.reduce((sum, value, i) => sum + value * q[i], 0);
      return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
    };
    const chosen: number[] = [];
    while (chosen.length < 10) {
      const value = (item: number) =>
        0.6 * ((scores[item] - scores[29]) / (scores[0] - scores[29])) -
        0.4 * (chosen.length === 0 ? 0 : Math.max(...chosen.map((other) => cosine(item, other))));
      const left = items.filter((item) => !chosen.includes(item));
      chosen.push(left.reduce((best, item) => (value(item) > value(best) ? item : best)));
    }
    expect(diversify({ items, scores }, random, 10, 0.4).items).toEqual(chosen);
  });
});

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
