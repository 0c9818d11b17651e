import { afterAll, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { job, KernelPool, RANK_CHOICES } from '../../src/internal.js';
import { expectClose } from './expect-close.js';

const pools = [1, 2].map((threads) => new KernelPool({ threads }));
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

const [SCALE, WEIGHT, ODDS, ROWS] = [0.5, 2, 3, 40];

test.each([
  [0, 1, 4],
  [0, 3, 12],
  [1, 1, 8],
  [1, 5, 20],
])('softmax %i with %i others, rows of %i floats: slopes and losses', async (softmax, n, width) => {
  const rng = new Rng(n);
  const count = RANK_CHOICES + 100;
  const rows = Float32Array.from({ length: ROWS * width }, () => rng.normal());
  rows.subarray(0, width).fill(60); // a choice with row 0 is beyond what exp can hold
  const choices = Int32Array.from({ length: count * (2 + n) }, () => 1 + rng.integer(ROWS - 1));
  choices.set([0, 1, 0], 0);
  const slots = rng.shuffle(Int32Array.from({ length: count * (2 + 2 * n) }, (_, slot) => slot));
  const blocks = Math.ceil(count / RANK_CHOICES);
  const results = await Promise.all(
    pools.map(async (pool) => {
      const { memory } = pool;
      const [values, losses] = [memory.floats(slots.length), memory.floats(blocks)];
      const place = [memory.ints(choices), memory.ints(slots), memory.floats(rows)] as const;
      await pool.run(
        job(
          'rankSlopes',
          blocks,
          ...([...place, values, losses, count, n, 4 * width, SCALE, WEIGHT, softmax, ODDS] as const),
        ),
      );
      return [values.slice(), losses.slice()];
    }),
  );
  expect(results[1]).toEqual(results[0]);
  const [values, losses] = results[0];

  const expected = new Float64Array(slots.length);
  const expectedLosses = new Float64Array(blocks);
  for (let t = 0; t < count; t++) {
    const [u, i, ...others] = choices.subarray(t * (2 + n), (t + 1) * (2 + n));
    const dot = (a: number, b: number) => {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += rows[a * width + k] * rows[b * width + k];
      return sum;
    };
    const e = others.map((j) => Math.exp(Math.min(80, SCALE * (dot(u, j) - dot(u, i)))));
    const total = 1 + ODDS * e.reduce((sum, value) => sum + value, 0);
    const slopes = e.map((value) => (softmax ? (ODDS * value) / total : value / (1 + value) / n));
    const loss = softmax ? Math.log(total) : e.reduce((sum, value) => sum + Math.log(1 + value), 0) / n;
    expectedLosses[Math.floor(t / RANK_CHOICES)] += loss;
    const own = slots.subarray(t * (2 + 2 * n), (t + 1) * (2 + 2 * n));
    const all = [-slopes.reduce((sum, slope) => sum + slope, 0), ...slopes];
    all.forEach((slope, k) => {
      expected[own[2 * k]] = expected[own[2 * k + 1]] = WEIGHT * SCALE * slope;
    });
  }
  expectClose(values, expected);
  expectClose(losses, expectedLosses);
});
