import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { holm } from '../src/index.js';

test('Holm: worked by hand', () => {
  expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
  expect(holm([0.5, 0.9])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});

test('Holm: a test is rejected if, and only if, the step-down procedure rejects it', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (p) => {
      const level = 0.05;
      const rejected = new Set<number>();
      const order = [...p.keys()].sort((a, b) => p[a] - p[b]);
      for (const [place, test] of order.entries()) {
        if (p[test] * (p.length - place) > level) break;
        rejected.add(test);
      }
      expect(holm(p).map((value) => value <= level)).toEqual(p.map((_, i) => rejected.has(i)));
    }),
  );
});
