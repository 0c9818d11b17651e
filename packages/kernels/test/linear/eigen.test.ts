import { expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { eigen } from '../../src/internal.js';

test('a matrix worked by hand', () => {
  // Eigenvectors (1, 1) and (1, -1), of any sign.
  const { values, vectors } = eigen(Float64Array.of(2, 1, 1, 2), 2);
  expect(values[0]).toBeCloseTo(3, 14);
  expect(values[1]).toBeCloseTo(1, 14);
  expect(vectors[0] / vectors[1]).toBeCloseTo(1, 14);
  expect(vectors[2] / vectors[3]).toBeCloseTo(-1, 14);
});

test.each([1, 2, 7, 30, 120])('%i x %i: gives back the matrix, vectors orthonormal, values descend', (n) => {
  const rng = new Rng(n);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = rng.normal();
  const before = a.slice();
  const { values, vectors } = eigen(a, n);
  let [worst, skew] = [0, 0];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let [whole, product] = [0, 0];
      for (let k = 0; k < n; k++) {
        whole += values[k] * vectors[k * n + i] * vectors[k * n + j];
        product += vectors[i * n + k] * vectors[j * n + k];
      }
      worst = Math.max(worst, Math.abs(whole - a[i * n + j]));
      skew = Math.max(skew, Math.abs(product - Number(i === j)));
    }
  expect(worst).toBeLessThan(1e-11);
  expect(skew).toBeLessThan(1e-12);
  expect([...values]).toEqual([...values].sort((x, y) => y - x));
  expect(a).toEqual(before);
});

test('equal and zero eigenvalues', () => {
  expect([...eigen(new Float64Array(9), 3).values]).toEqual([0, 0, 0]);
  const { values, vectors } = eigen(Float64Array.of(2, 0, 0, 0, 5, 0, 0, 0, 2), 3);
  expect([...values]).toEqual([5, 2, 2]);
  expect([...vectors.subarray(0, 3)].map(Math.abs)).toEqual([0, 1, 0]);
});
