import { afterAll, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { ADAM_ROWS, job, KernelPool } from '../../src/internal.js';
import { expectClose } from './expect-close.js';

const pools = [1, 2].map((threads) => new KernelPool({ threads }));
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

test.each([
  [3, 20],
  [ADAM_ROWS + 5, 4],
  [7, 36],
])(
  'two steps of Adam on %i of twice as many rows of %i floats, by gradients of their bags',
  async (count, width) => {
    const rng = new Rng(count);
    const floats = (size: number) => Float32Array.from({ length: size }, () => rng.normal());
    const rows = 2 * count;
    const start = floats(rows * width);
    const ids = rng.shuffle(Int32Array.from({ length: rows }, (_, row) => row)).slice(0, count);
    const bags = 6;
    const gradient = floats(bags * width);
    const entries = Array.from({ length: count }, () =>
      Array.from({ length: rng.integer(4) }, () => rng.integer(bags)),
    );
    const indptr = Int32Array.from({ length: count + 1 }, (_, row) => entries.slice(0, row).flat().length);
    const weights = floats(indptr[count]);
    const w = Float64Array.from(start);
    const [m, v] = [new Float64Array(w.length), new Float64Array(w.length)];
    for (let step = 0; step < 2; step++)
      ids.forEach((id, row) => {
        for (let d = 0; d < width; d++) {
          const g = entries[row].reduce(
            (sum, bag, k) => sum + weights[indptr[row] + k] * gradient[bag * width + d],
            0,
          );
          const at = id * width + d;
          m[at] += 0.1 * (g - m[at]);
          v[at] += 0.01 * (g * g - v[at]);
          w[at] -= (0.05 * m[at]) / (Math.sqrt(v[at]) * 2 + 1e-6);
        }
      });
    const results = await Promise.all(
      pools.map(async (pool) => {
        const { memory } = pool;
        const table = [memory.floats(start), memory.floats(w.length), memory.floats(w.length)] as const;
        const sparse = [
          memory.ints(ids),
          memory.ints(indptr),
          memory.ints(entries.flat()),
          memory.floats(weights),
        ] as const;
        const step = job(
          'adamBags',
          Math.ceil(count / ADAM_ROWS),
          ...([...table, ...sparse, memory.floats(gradient), count, 4 * width] as const),
          ...([0.1, 0.01, 0.05, 2, 1e-6] as const),
        );
        await pool.run(step, step);
        return table.map((array) => array.slice());
      }),
    );
    [w, m, v].forEach((array, k) => expectClose(results[0][k], array));
    expect(results[1]).toEqual(results[0]);
  },
);
