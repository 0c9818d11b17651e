import { describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { adamSettings, EmbeddingTable, scheduleFactor } from '../src/index.js';

/** Adam on one weight in float64, as the paper writes it. */
class Oracle {
  #m = 0;
  #v = 0;
  constructor(public w: number) {}
  step(g: number, t: number, lr: number, { beta1, beta2, epsilon, weightDecay } = adamSettings()) {
    this.#m = beta1 * this.#m + (1 - beta1) * g;
    this.#v = beta2 * this.#v + (1 - beta2) * g * g;
    const [m, v] = [this.#m / (1 - beta1 ** t), this.#v / (1 - beta2 ** t)];
    this.w = this.w - lr * weightDecay * this.w - (lr * m) / (Math.sqrt(v) + epsilon);
  }
}

describe('lazy Adam', () => {
  test.each([0, 0.1])(
    'moves touched rows as a float64 oracle does, and no others (weight decay %d)',
    (weightDecay) => {
      const [rows, dimensions] = [20, 3];
      const rng = new Rng(3);
      const table = EmbeddingTable.random(rows, dimensions, 0.5, rng);
      const oracles = Array.from(table.values, (w) => new Oracle(w));
      const settings = adamSettings({ weightDecay });
      for (let t = 1; t <= 200; t++) {
        const ids = (rng.shuffle(Int32Array.from({ length: rows }, (_, i) => i)) as Int32Array).slice(0, 6);
        const gradient = Float32Array.from({ length: 6 * dimensions }, () => rng.normal());
        table.update(ids, 6, gradient, t, 0.01, settings);
        ids.forEach((id, r) => {
          for (let i = 0; i < dimensions; i++)
            oracles[id * dimensions + i].step(gradient[r * dimensions + i], t, 0.01, settings);
        });
      }
      table.values.forEach((w, i) => expect(w).toBeCloseTo(oracles[i].w, 4));
    },
  );

  test('with every row touched it is plain Adam on all values at once, bit for bit', () => {
    const rng = new Rng(4);
    const table = EmbeddingTable.random(7, 4, 1, rng);
    const dense = new EmbeddingTable(1, 28, table.values);
    const ids = Int32Array.from({ length: 7 }, (_, i) => i);
    for (let t = 1; t <= 20; t++) {
      const gradient = Float32Array.from({ length: 28 }, () => rng.normal());
      table.update(ids, 7, gradient, t, 0.01, adamSettings());
      dense.update(Int32Array.of(0), 1, gradient, t, 0.01, adamSettings());
    }
    expect(table.values).toEqual(dense.values);
    expect(table.second).toEqual(dense.second);
  });

  test('gather copies the rows asked for', () => {
    const table = new EmbeddingTable(3, 2, Float32Array.of(1, 2, 3, 4, 5, 6));
    const out = new Float32Array(4);
    table.gather(Int32Array.of(2, 0, 1), 2, out);
    expect([...out]).toEqual([5, 6, 1, 2]);
    expect(() => new EmbeddingTable(2, 2, new Float32Array(3))).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    );
  });
});

test('schedules rise through the warm-up and end at zero', () => {
  expect(scheduleFactor('constant', 50, 100)).toBe(1);
  expect(scheduleFactor('linear', 50, 100)).toBe(0.5);
  expect(scheduleFactor('cosine', 50, 100)).toBeCloseTo(0.5);
  expect(scheduleFactor('cosine', 100, 100)).toBe(0);
  expect(scheduleFactor('linear', 4, 100, 10)).toBe(0.5);
  expect(scheduleFactor('linear', 10, 100, 10)).toBe(1);
});
