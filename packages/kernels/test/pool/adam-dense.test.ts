import { afterAll, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { ADAM_ROWS, job, KernelPool } from '../../src/internal.js';
import { expectClose } from './expect-close.js';

const pools = [1, 2].map((threads) => new KernelPool({ threads }));
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

test.each([
  [1, 4],
  [ADAM_ROWS, 8],
  [2 * ADAM_ROWS + 3, 12],
])('three steps of Adam with a ridge on %i rows of %i floats', async (rows, width) => {
  const rng = new Rng(rows);
  const floats = (size: number, scale = 1) => Float32Array.from({ length: size }, () => scale * rng.normal());
  const start = floats(rows * width);
  const ridge = floats(rows, 0.1);
  const gradients = [1, 2, 3].map(() => floats(rows * width));
  const w = Float64Array.from(start);
  const [m, v] = [new Float64Array(w.length), new Float64Array(w.length)];
  const rate = (step: number) => 0.05 / (1 - 0.9 ** step);
  const unbias = (step: number) => 1 / Math.sqrt(1 - 0.99 ** step);
  gradients.forEach((gradient, at) => {
    for (let k = 0; k < w.length; k++) {
      const g = gradient[k] + ridge[Math.floor(k / width)] * w[k];
      m[k] = 0.9 * m[k] + 0.1 * g;
      v[k] = 0.99 * v[k] + 0.01 * g * g;
      w[k] -= (rate(at + 1) * m[k]) / (Math.sqrt(v[k]) * unbias(at + 1) + 1e-6);
    }
  });
  const results = await Promise.all(
    pools.map(async (pool) => {
      const { memory } = pool;
      const table = [memory.floats(start), memory.floats(w.length), memory.floats(w.length)] as const;
      const pull = memory.floats(ridge);
      const blocks = Math.ceil(rows / ADAM_ROWS);
      await pool.run(
        ...gradients.map((gradient, at) =>
          job(
            'adamDense',
            blocks,
            ...([...table, memory.floats(gradient), pull, rows, 4 * width] as const),
            ...([0.1, 0.01, rate(at + 1), unbias(at + 1), 1e-6] as const),
          ),
        ),
      );
      return table.map((array) => array.slice());
    }),
  );
  [w, m, v].forEach((array, k) => expectClose(results[0][k], array));
  expect(results[1]).toEqual(results[0]);
});
