import { expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { BestFew } from '../src/knn/best-few.js';

test('keeps the k largest, equal ones in order of id', () => {
  const rng = new Rng(11);
  for (let round = 0; round < 200; round++) {
    const [n, k] = [rng.integer(30), 1 + rng.integer(8)];
    const values = Array.from({ length: n }, () => rng.integer(6));
    const best = new BestFew(k);
    const order = rng.shuffle(Int32Array.from({ length: n }, (_, id) => id));
    for (const id of order) best.offer(id, values[id]);
    const expected = Array.from(order)
      .sort((a, b) => values[b] - values[a] || a - b)
      .slice(0, k);
    const kept = Array.from(best.ids.subarray(0, best.size));
    expect(kept.sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
    for (let i = 0; i < best.size; i++) expect(best.values[i]).toBe(values[best.ids[i]]);
  }
});
