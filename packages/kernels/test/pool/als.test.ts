import { afterAll, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { ALS_LOSS_ROWS, alsScratch, GEMM_ROWS, job, KernelPool } from '../../src/internal.js';

const rng = new Rng(1);
const normals = (size: number) => Float32Array.from({ length: size }, () => 0.3 * rng.normal());
const worst = (got: ArrayLike<number>, wanted: ArrayLike<number>) => {
  let most = 0;
  for (let i = 0; i < wanted.length; i++) most = Math.max(most, Math.abs(got[i] - wanted[i]));
  return most;
};

const [width, fixed, weight, lambda] = [24, 300, 0.5, 2];
const pools = [1, 2].map((threads) => new KernelPool({ threads, scratch: alsScratch(width) }));
afterAll(() => Promise.all(pools.map((pool) => pool.close())));
const [pool] = pools;
const { memory } = pool;
const y = normals(fixed * width);

/** weight Y'Y + lambda I. */
const gram = new Float64Array(width * width);
for (let i = 0; i < fixed; i++)
  for (let a = 0; a < width; a++)
    for (let b = 0; b < width; b++) gram[a * width + b] += y[i * width + a] * y[i * width + b];
const normal = gram.map((value, i) => weight * value + (i % (width + 1) === 0 ? lambda : 0));

describe('gram', () => {
  test.each([128, 256, 512])('partial sums of %d rows', async (depth) => {
    const blocks = Math.ceil(fixed / depth);
    const sums = await Promise.all(
      pools.map(async (pool) => {
        const partial = pool.memory.floats(blocks * width * width);
        await pool.run(job('gram', blocks, fixed, width, depth, pool.memory.floats(y), partial));
        return partial;
      }),
    );
    expect([...sums[0]]).toEqual([...sums[1]]);
    for (let a = 0; a < width; a++)
      for (let b = 0; b <= a; b++) {
        let sum = 0;
        for (let block = 0; block < blocks; block++) sum += sums[0][(block * width + a) * width + b];
        expect(Math.abs(sum - gram[a * width + b])).toBeLessThan(1e-4);
      }
  });

  test('of no rows is zero', async () => {
    const partial = memory.floats(width * width).fill(7);
    await pool.run(job('gram', 1, 0, width, 128, memory.floats(8), partial));
    expect([...partial.subarray(0, 8)]).toEqual(new Array(8).fill(0));
  });
});

/** Everything a row needs, made from y. */
async function prepare() {
  const partial = memory.floats(width * width);
  const work = memory.floats(4 * width * width);
  const [forward, back, warm] = [0, 1, 2].map(() => memory.floats(width * width));
  const [fixedRows, w, z] = [memory.floats(y), memory.floats(y.length), memory.floats(y.length)];
  const blocks = Math.ceil(fixed / GEMM_ROWS);
  await pool.run(
    job('gram', 1, fixed, width, 384, fixedRows, partial),
    job('alsWhiten', 1, width, partial, 1, weight, lambda, work, forward, back, warm),
    job('alsProject', blocks, fixed, width, fixedRows, forward, 1, w),
    job('alsProject', blocks, fixed, width, w, back, 2, z),
  );
  return { back, warm, w, z };
}

test('in whitened coordinates products are those of the inverse', async () => {
  const { w, z } = await prepare();
  // z = y K, so z (weight Y'Y + lambda I) = y; and w w' = z y'.
  for (const row of [0, 77, 299]) {
    const again = new Float64Array(width);
    for (let a = 0; a < width; a++)
      for (let b = 0; b < width; b++) again[a] += z[row * width + b] * normal[b * width + a];
    expect(worst(again, y.subarray(row * width, (row + 1) * width))).toBeLessThan(1e-4);
    let [ww, zy] = [0, 0];
    for (let a = 0; a < width; a++) {
      ww += w[row * width + a] * w[5 * width + a];
      zy += z[row * width + a] * y[5 * width + a];
    }
    expect(Math.abs(ww - zy)).toBeLessThan(1e-5);
  }
});

describe('alsRows solves the normal equations', () => {
  const lengths = [290, 131, 64, 25, 24, 17, 8, 7, 4, 3, 2, 1, 1, 0];
  const indptr = new Int32Array(lengths.length + 1);
  lengths.forEach((length, row) => (indptr[row + 1] = indptr[row] + length));
  const indices = new Int32Array(indptr[lengths.length]);
  lengths.forEach((length, row) => {
    const all = rng.shuffle(Int32Array.from({ length: fixed }, (_, i) => i));
    indices.set(all.subarray(0, length), indptr[row]);
  });
  const gains = Float32Array.from(indices, () => 10 * rng.uniform() + 0.1);

  /** How far weight Y'Y + lambda I + Y' D Y times x is from Y' c, at worst. */
  function residual(x: Float32Array): number {
    let most = 0;
    for (let row = 0; row < lengths.length; row++) {
      const own = x.subarray(row * width, (row + 1) * width);
      const rest = new Float64Array(width);
      for (let a = 0; a < width; a++)
        for (let b = 0; b < width; b++) rest[a] += normal[a * width + b] * own[b];
      for (let k = indptr[row]; k < indptr[row + 1]; k++) {
        const other = y.subarray(indices[k] * width, (indices[k] + 1) * width);
        const score = other.reduce((sum, value, a) => sum + value * own[a], 0);
        for (let a = 0; a < width; a++) rest[a] += (gains[k] * score - (weight + gains[k])) * other[a];
      }
      most = Math.max(most, ...rest.map(Math.abs));
    }
    return most;
  }

  interface How {
    limit: number;
    steps: number;
    warmly?: boolean;
    directly?: boolean;
  }
  test.each<[string, How]>([
    ['dual and ordinary', { limit: width, steps: 0 }],
    ['ordinary alone', { limit: 0, steps: 0 }],
    ['conjugate gradients, cold', { limit: 0, steps: 200 }],
    ['conjugate gradients, warm', { limit: 0, steps: 200, warmly: true }],
    ['dual and conjugate gradients', { limit: 8, steps: 200, warmly: true }],
    ['by sums of z', { limit: width, steps: 0, directly: true }],
  ])('%s', async (_name, { limit, steps, warmly = false, directly = false }) => {
    const { back, warm, w, z } = await prepare();
    const out = memory.floats(normals(lengths.length * width));
    const entries = [memory.ints(indptr), memory.ints(indices), memory.floats(gains)] as const;
    await pool.run(
      job(
        'alsRows',
        3,
        ...([memory.ints([0, 3, 8, lengths.length]), ...entries, w, directly ? z : 0, out, width] as const),
        ...([weight, limit, steps, 1e-7, back, warmly ? warm : 0, 0, 0] as const),
      ),
    );
    expect(residual(out)).toBeLessThan(2e-3); // of right sides of about 100
    expect([...out.subarray(-width)]).toEqual(new Array(width).fill(0));
  });

  test('alsLoss sums what the entries add', async () => {
    const rows = lengths.length;
    const x = normals(rows * width);
    const words = memory.floats(2);
    const entries = [memory.ints(indptr), memory.ints(indices), memory.floats(gains)] as const;
    const factors = [memory.floats(x), memory.floats(y)] as const;
    await pool.run(
      job('alsLoss', Math.ceil(rows / ALS_LOSS_ROWS), rows, ...entries, ...factors, width, weight, words),
    );
    let wanted = 0;
    for (let row = 0; row < rows; row++)
      for (let k = indptr[row]; k < indptr[row + 1]; k++) {
        let score = 0;
        for (let a = 0; a < width; a++) score += x[row * width + a] * y[indices[k] * width + a];
        wanted += (weight + gains[k]) * (1 - score) ** 2 - weight * score ** 2;
      }
    const [sum] = new Float64Array(words.buffer, words.byteOffset, 1);
    expect(sum / wanted).toBeCloseTo(1, 9);
  });
});
