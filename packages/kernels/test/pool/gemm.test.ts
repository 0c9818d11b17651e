import { afterAll, describe, expect, test } from '@jest/globals';
import { Matrix, Rng } from '@towerkit/core';

import { DotScores, gemm, gemmPack, KernelPool, packedSize } from '../../src/internal.js';

const pools = [1, 2].map((threads) => new KernelPool({ threads }));
afterAll(() => Promise.all(pools.map((pool) => pool.close())));

const rng = new Rng(1);
const normals = (size: number) => Float32Array.from({ length: size }, () => rng.normal());

describe('gemm', () => {
  test.each([
    { m: 1, n: 1, k: 1 },
    { m: 3, n: 7, k: 5 },
    { m: 67, n: 261, k: 33, alpha: -1, beta: 1 },
    { m: 130, n: 20, k: 1100, alpha: 2, beta: 0.5, lda: 1103, ldb: 1101, ldc: 23 },
    { m: 5, n: 600, k: 64, ldc: 601 },
  ])('%j', async ({ m, n, k, alpha = 1, beta = 0, lda = k, ldb = k, ldc = n }) => {
    const [a, b, before] = [normals(m * lda), normals(n * ldb), normals(m * ldc)];
    if (beta === 0) before.fill(NaN);
    const results = await Promise.all(
      pools.map(async (pool) => {
        const { memory } = pool;
        const packed = memory.floats(packedSize(n, k));
        const c = memory.floats(before);
        await pool.run(
          gemmPack({ n, k, b: memory.floats(b), ldb, packed }),
          gemm({ m, n, k, alpha, beta, a: memory.floats(a), packed, c, lda, ldc }),
        );
        return c;
      }),
    );
    expect([...results[0]]).toEqual([...results[1]]);
    let worst = 0;
    for (let i = 0; i < m; i++)
      for (let j = 0; j < ldc; j++) {
        const got = results[0][i * ldc + j];
        if (j >= n) {
          expect(got).toBe(before[i * ldc + j]); // between the rows
          continue;
        }
        let sum = 0;
        for (let l = 0; l < k; l++) sum += a[i * lda + l] * b[j * ldb + l];
        const wanted = alpha * sum + (beta === 0 ? 0 : beta * before[i * ldc + j]);
        worst = Math.max(worst, Math.abs(got - wanted));
      }
    expect(worst).toBeLessThan(1e-6 * k + 1e-5);
  });
});

describe('DotScores', () => {
  const items = new Matrix(1_003, 6, normals(1_003 * 6));

  test('every product, in whatever batches', async () => {
    const scores = new DotScores(pools[1], items);
    const users = new Matrix(700, 6, normals(700 * 6));
    const all = new Float32Array(700 * 1_003);
    const one = new Float32Array(1_003);
    await Promise.all([scores.score(users, all), scores.score(users.row(69), one)]);
    expect([...one]).toEqual([...all.subarray(69 * 1_003, 70 * 1_003)]);
    let worst = 0;
    for (let u = 0; u < 700; u += 7)
      for (let i = 0; i < 1_003; i++) {
        const sum = users.row(u).reduce((total, value, f) => total + value * items.row(i)[f], 0);
        worst = Math.max(worst, Math.abs(all[u * 1_003 + i] - sum));
      }
    expect(worst).toBeLessThan(1e-5);
  });

  test('nobody, and no items', async () => {
    await new DotScores(pools[0], items).score(new Float32Array(0), new Float32Array(0));
    await new DotScores(pools[0], new Matrix(0, 6)).score(new Float32Array(12), new Float32Array(0));
  });

  test('sizes that do not fit', async () => {
    const scores = new DotScores(pools[0], items);
    const bad = [
      () => scores.score(new Float32Array(7), new Float32Array(1_003)),
      () => scores.score(new Float32Array(6), new Float32Array(1_002)),
      () => scores.score(new Matrix(2, 3), new Float32Array(1_003)),
    ];
    for (const call of bad) await expect(call).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
  });
});
