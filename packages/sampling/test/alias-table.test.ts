import { describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { AliasTable } from '../src/index.js';
import { chiSquared } from './chi-squared.js';

describe('AliasTable', () => {
  test('holds exactly the share of each weight: whole-number weights, every cell and height tried', () => {
    const rng = new Rng(1);
    for (let round = 0; round < 50; round++) {
      const size = 1 + rng.integer(12);
      const weights = Array.from({ length: size }, () => rng.integer(9));
      weights[rng.integer(size)]++;
      const total = weights.reduce((a, b) => a + b);
      const table = new AliasTable(weights);
      // Every threshold is a multiple of 1 / total, so the heights between them decide everything.
      const counts = new Array(size).fill(0);
      for (let cell = 0; cell < size; cell++)
        for (let step = 0; step < total; step++) {
          const fixed = { integer: () => cell, uniform: () => (step + 0.5) / total } as unknown as Rng;
          counts[table.draw(fixed)]++;
        }
      expect(counts).toEqual(weights.map((weight) => weight * size));
    }
  });

  test('draws as the naive inverse of the cumulative distribution does', () => {
    const weights = Float64Array.from({ length: 300 }, (_, i) => 1 / (i + 1));
    const total = weights.reduce((a, b) => a + b);
    const naive = (point: number) => {
      let item = 0;
      for (let rest = point * total; rest >= weights[item] && item < 299; rest -= weights[item++]);
      return item;
    };
    const rng = new Rng(2);
    const table = new AliasTable(weights);
    const alias = new Int32Array(300);
    const inverse = new Int32Array(300);
    for (let n = 0; n < 200_000; n++) {
      alias[table.draw(rng)]++;
      inverse[naive(rng.uniform())]++;
    }
    for (const counts of [alias, inverse]) {
      const { statistic, critical } = chiSquared(
        counts,
        weights.map((weight) => weight / total),
      );
      expect(statistic).toBeLessThan(critical);
    }
  });

  test('many draws at once are the same draws', () => {
    const table = new AliasTable([3, 0, 1, 5]);
    const one = new Rng(3);
    const many = Int32Array.of(...new Array(1003).fill(-1));
    table.drawMany(new Rng(3), many, 1, 1002);
    expect(many[0]).toBe(-1);
    expect(many[1002]).toBe(-1);
    expect(Array.from(many.subarray(1, 1002))).toEqual(Array.from({ length: 1001 }, () => table.draw(one)));
  });

  test('a single item, and weights of very different size', () => {
    expect(new AliasTable([1e-300]).draw(new Rng(4))).toBe(0);
    const table = new AliasTable([1e308, 1e308, 1e-308]);
    const rng = new Rng(5);
    const counts = [0, 0, 0];
    for (let n = 0; n < 1000; n++) counts[table.draw(rng)]++;
    expect(counts[2]).toBe(0);
    expect(Math.min(counts[0], counts[1])).toBeGreaterThan(400);
  });

  test.each([[[]], [[-1, 2]], [[NaN]], [[1, Infinity]], [[0, 0]]])('refuses the weights %j', (weights) => {
    expect(() => new AliasTable(weights)).toThrow(expect.objectContaining({ code: 'BAD_WEIGHTS' }));
  });
});
