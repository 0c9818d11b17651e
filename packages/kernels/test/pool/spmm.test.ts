import { afterAll, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { job, KernelPool, SPMM_ROWS } from '../../src/internal.js';
import { expectClose } from './expect-close.js';

const pools = [1, 2].map((threads) => new KernelPool({ threads }));
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

test.each([
  [1, 4],
  [300, 12],
  [700, 32],
  [300, 64],
  [300, 68],
])('%i sparse rows times dense rows of %i floats, on a base and without', async (rows, width) => {
  const rng = new Rng(width);
  const floats = (size: number) => Float32Array.from({ length: size }, () => rng.normal());
  const indptr = new Int32Array(rows + 1);
  for (let row = 0; row < rows; row++) indptr[row + 1] = indptr[row] + rng.integer(9); // some are empty
  const entries = indptr[rows];
  const indices = Int32Array.from({ length: entries }, () => rng.integer(50));
  const [values, dense, base] = [floats(entries), floats(50 * width), floats(rows * width)];
  const product = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++)
    for (let k = indptr[row]; k < indptr[row + 1]; k++)
      for (let i = 0; i < width; i++) product[row * width + i] += values[k] * dense[indices[k] * width + i];

  const results = await Promise.all(
    pools.map(async (pool) => {
      const { memory } = pool;
      const sparse = [memory.ints(indptr), memory.ints(indices), memory.floats(values)] as const;
      const [plain, added, zeroed] = [1, 2, 3].map(() =>
        memory.floats(new Float32Array(rows * width).fill(7)),
      );
      const place = [memory.floats(dense), memory.floats(base)] as const;
      const blocks = Math.ceil(rows / SPMM_ROWS);
      await pool.run(
        job('spmm', blocks, ...sparse, place[0], plain, rows, 4 * width),
        job('spmmAdd', blocks, ...sparse, ...place, added, rows, 4 * width),
        job('spmmAdd', blocks, ...sparse, place[0], 0, zeroed, rows, 4 * width),
      );
      return [plain, added, zeroed].map((array) => array.slice());
    }),
  );
  const [plain, added, zeroed] = results[0];
  expectClose(plain, product);
  expectClose(
    added,
    product.map((value, i) => value + base[i]),
  );
  expect(zeroed).toEqual(plain);
  expect(results[1]).toEqual(results[0]);
});
