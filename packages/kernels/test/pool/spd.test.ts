import { afterAll, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { job, KernelPool, SPD_ROWS } from '../../src/internal.js';
import { expectClose } from './expect-close.js';

const pools = [1, 2].map((threads) => new KernelPool({ threads }));
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

const rng = new Rng(6);
const random = (size: number) => Float32Array.from({ length: size }, () => rng.normal());

describe('columns of a symmetric matrix', () => {
  const [n, stride] = [150, 152];
  const lower = random(n * stride);
  const at = (row: number, column: number) => lower[Math.max(row, column) * stride + Math.min(row, column)];

  test.each([
    [0, 20],
    [60, 70],
    [130, 20],
  ])('from %i, %i of them, taken out and put back', async (from, width) => {
    for (const { memory, run } of pools.map((pool) => ({ memory: pool.memory, run: pool.run.bind(pool) }))) {
      const [a, panel, pivot] = [
        memory.floats(lower),
        memory.floats(n * width),
        memory.floats(width * width),
      ];
      const place = [n, a, 4 * stride, from, width, panel, pivot] as const;
      const blocks = Math.ceil(n / SPD_ROWS);
      await run(job('spdPanel', blocks, ...place));
      const inside = (row: number) => row >= from && row < from + width;
      for (let row = 0; row < n; row++)
        for (let k = 0; k < width; k++)
          expect(panel[row * width + k]).toBe(inside(row) ? 0 : at(row, from + k));
      for (let row = 0; row < width; row++)
        for (let k = 0; k < width; k++) expect(pivot[row * width + k]).toBe(at(from + row, from + k));
      expect(a).toEqual(lower);
      panel.forEach((value, i) => (panel[i] = 2 * value));
      await run(job('spdReturn', blocks, ...place));
      for (let row = 0; row < n; row++)
        for (let column = 0; column <= row; column++) {
          const factor = inside(row) && inside(column) ? -1 : inside(row) || inside(column) ? 2 : 1;
          expect(a[row * stride + column]).toBe(factor * at(row, column));
        }
    }
  });
});

describe('a pivot', () => {
  const run = async (width: number, matrix: ArrayLike<number>) => {
    const { memory } = pools[0];
    const [pivot, failures] = [memory.floats(matrix), memory.floats([0])];
    await pools[0].run(job('spdPivot', 1, width, pivot, failures));
    return { pivot, failures: failures[0] };
  };

  test.each([1, 3, 8, 61])('of width %i is inverted', async (width) => {
    const factor = random(width * width);
    const matrix = new Float32Array(width * width);
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) {
        for (let k = 0; k < width; k++)
          matrix[i * width + j] += factor[i * width + k] * factor[j * width + k];
        if (i === j) matrix[i * width + j] += 1000;
      }
    const { pivot, failures } = await run(width, matrix);
    expect(failures).toBe(0);
    const product = new Float64Array(width * width);
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++)
        for (let k = 0; k < width; k++)
          product[i * width + j] += matrix[i * width + k] * pivot[k * width + j];
    expectClose(
      product,
      product.map((_, i) => Number(i % (width + 1) === 0)),
    );
  });

  test('that is not positive definite is told', async () => {
    expect((await run(2, [1, 2, 2, 1])).failures).toBe(1);
    expect((await run(1, [NaN])).failures).toBe(1);
  });
});

test('weights of EASE in place of minus the inverse', async () => {
  const [n, stride] = [130, 132];
  const lower = random(n * stride);
  const inverses = random(n);
  for (const pool of pools) {
    const [a, scales] = [pool.memory.floats(lower), pool.memory.floats(inverses)];
    await pool.run(job('easeWeights', Math.ceil(n / SPD_ROWS), n, a, 4 * stride, scales));
    for (let row = 0; row < n; row++)
      for (let column = 0; column < n; column++) {
        const entry = lower[Math.max(row, column) * stride + Math.min(row, column)];
        expect(a[row * stride + column]).toBe(row === column ? 0 : Math.fround(entry * inverses[column]));
      }
  }
});
