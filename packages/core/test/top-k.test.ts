import { expect, test } from '@jest/globals';

import { Rng, topK } from '../src/index.js';

test('top k equals a full sort, excluded items left out, ties by id', () => {
  const rng = new Rng(2);
  for (const [n, k] of [
    [50, 10],
    [5, 10],
    [7, 0],
    [30, 30],
  ]) {
    const scores = Float32Array.from({ length: n }, () => rng.integer(8));
    const excluded = [rng.integer(n), rng.integer(n)];
    const expected = [...scores.keys()]
      .filter((item) => !excluded.includes(item))
      .sort((a, b) => scores[b] - scores[a] || a - b)
      .slice(0, k);
    const { items, scores: best } = topK(scores, k, excluded);
    expect([...items]).toEqual(expected);
    expect([...best]).toEqual(expected.map((item) => scores[item]));
  }
});
