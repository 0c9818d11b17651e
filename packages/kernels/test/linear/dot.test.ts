import { expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { dot } from '../../src/internal.js';

test('vectors worked by hand, whole and within larger arrays', () => {
  const a = Float32Array.of(9, 1, 2, 3, 4, 5, 9);
  const b = Float64Array.of(9, 9, 10, 20, 30, 40, 50);
  expect(dot(Float32Array.of(1, 2), [3, 4])).toBe(11);
  expect(dot(a, b, 1, 2, 5)).toBe(10 + 40 + 90 + 160 + 250);
  expect(dot(a, b, 1, 2, 3)).toBe(140);
  expect(dot(a, b, 1, 2, 0)).toBe(0);
});

test.each([0, 1, 3, 4, 5, 64, 67])('%i values, as one sum after the other', (length) => {
  const rng = new Rng(length);
  const a = Float32Array.from({ length }, () => rng.normal());
  const b = Float32Array.from({ length }, () => rng.normal());
  expect(dot(a, b)).toBeCloseTo(
    a.reduce((sum, value, i) => sum + value * b[i], 0),
    12,
  );
});
