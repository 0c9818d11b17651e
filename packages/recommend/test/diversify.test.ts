import { describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { diversify } from '../src/index.js';

const vectors = [Float32Array.of(1, 0), Float32Array.of(2, 0), Float32Array.of(0, 1)];
const list = { items: [0, 1, 2], scores: [3, 2.9, 1] };
const vectorOf = (item: number) => vectors[item];

/** The definition, item by item, with no shortcut: the highest cosine with those chosen is computed anew each time. */
function naive(
  { items, scores }: { items: number[]; scores: number[] },
  of: (item: number) => Float32Array,
  k: number,
  diversity: number,
): number[] {
  const cosine = (a: Float32Array, b: Float32Array) => {
    const product = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i], 0);
    return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
  };
  const [high, low] = [Math.max(...scores), Math.min(...scores)];
  const chosen: number[] = [];
  while (chosen.length < Math.min(k, items.length)) {
    const values = items.map((item, place) => {
      if (chosen.includes(item)) return -Infinity;
      const alike = chosen.length === 0 ? 0 : Math.max(...chosen.map((other) => cosine(of(item), of(other))));
      return (1 - diversity) * ((scores[place] - low) / (high - low)) - diversity * alike;
    });
    chosen.push(items[values.indexOf(Math.max(...values))]);
  }
  return chosen;
}

describe('maximal marginal relevance', () => {
  test('a diversity of 0 keeps the order; more of it prefers what is unlike', () => {
    expect(diversify(list, vectorOf, 2, 0).items).toEqual([0, 1]);
    expect(diversify(list, vectorOf, 2, 0.6)).toEqual({ items: [0, 2], scores: [3, 1] });
  });

  test('opposite vectors count as unlike: a negative cosine speaks for an item', () => {
    const of = (item: number) => [Float32Array.of(1, 0), Float32Array.of(0, 1), Float32Array.of(-1, 0)][item];
    expect(diversify({ items: [0, 1, 2], scores: [1, 0.5, 0.5] }, of, 2, 0.5).items).toEqual([0, 2]);
  });

  test('equals the definition on random candidates', () => {
    const rng = new Rng(5);
    for (let round = 0; round < 50; round++) {
      const count = 2 + rng.integer(20);
      const points = Array.from({ length: count }, () =>
        Float32Array.from({ length: 4 }, () => rng.normal()),
      );
      const scores = Array.from({ length: count }, () => rng.normal()).sort((a, b) => b - a);
      const candidates = { items: Array.from(points.keys()), scores };
      const [k, diversity] = [1 + rng.integer(count), rng.uniform()];
      const of = (item: number) => points[item];
      expect(diversify(candidates, of, k, diversity).items).toEqual(naive(candidates, of, k, diversity));
    }
  });

  test('nothing to choose from is an empty list; a diversity outside [0, 1] is an error', () => {
    expect(diversify({ items: [], scores: [] }, vectorOf, 3, 0.5)).toEqual({ items: [], scores: [] });
    for (const bad of [-0.1, 1.5, NaN])
      expect(() => diversify(list, vectorOf, 2, bad)).toThrow(
        expect.objectContaining({ code: 'BAD_OPTION' }),
      );
  });
});
