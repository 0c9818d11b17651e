import { afterAll, describe, expect, test } from '@jest/globals';
import { CsrMatrix, Rng } from '@towerkit/core';

import { Als, fit } from '../src/index.js';
import { rated, skewed } from './matrices.js';
import { distance, solveRows } from './reference.js';

const matrix = rated(skewed(new Rng(1), 300, 200, 5_000), new Rng(2));
const als = await fit(matrix, { factors: 20, regularization: 3, iterations: 8, threads: 2 });
afterAll(() => als.dispose());
const values = (row: number) => matrix.values!.subarray(matrix.indptr[row], matrix.indptr[row + 1]);

describe('fold-in', () => {
  test('of a user of the fit gives the factors that the fit gave', async () => {
    for (const user of [0, 17, 299]) {
      const own = await als.foldInUser(matrix.row(user), values(user));
      expect(distance(own, als.userFactors.row(user))).toBeLessThan(1e-5);
    }
    expect(distance((await als.foldInUsers(matrix)).data, als.userFactors.data)).toBeLessThan(1e-5);
  });

  test('of an item is one more half iteration', async () => {
    const wanted = solveRows(matrix.transpose(), als.userFactors, { alpha: 40, lambda: () => 3 });
    const all = await als.foldInItems(matrix.transpose());
    expect(distance(all.data, wanted)).toBeLessThan(1e-4);
    const { indices, values, indptr } = matrix.transpose();
    const [from, to] = [indptr[5], indptr[6]];
    const one = await als.foldInItem(indices.subarray(from, to), values!.subarray(from, to));
    expect(distance(one, all.row(5))).toBeLessThan(1e-6);
  });

  test('values are 1 where none are given, entries add up, nobody is zeros', async () => {
    const plain = await als.foldInUser([3, 4]);
    expect(await als.foldInUser([3, 4], [1, 1])).toEqual(plain);
    expect(await als.foldInUser([3, 4, 4], [1, 0.25, 0.75])).toEqual(plain);
    expect([...(await als.foldInUser([]))].every((value) => value === 0)).toBe(true);
  });

  test('calls at once, in batches of many rows', async () => {
    const rows = CsrMatrix.fromPairs(
      20_000,
      200,
      Int32Array.from({ length: 20_000 }, (_, row) => row),
      Int32Array.from({ length: 20_000 }, (_, row) => row % 200),
    );
    const [many, one, other] = await Promise.all([
      als.foldInUsers(rows),
      als.foldInUser([7]),
      als.foldInItem([7]),
    ]);
    expect(distance(many.row(19_807), one)).toBeLessThan(1e-6);
    expect(other).toHaveLength(20);
  });

  test.each([
    ['OUT_OF_RANGE', () => als.foldInUser([200])],
    ['OUT_OF_RANGE', () => als.foldInUser([NaN])],
    ['OUT_OF_RANGE', () => als.foldInItem([300])],
    ['SHAPE_MISMATCH', () => als.foldInUser([1, 2], [1])],
    ['SHAPE_MISMATCH', () => als.foldInUsers(CsrMatrix.fromPairs(1, 199, [0], [0]))],
    ['BAD_VALUE', () => als.foldInUser([1], [-1])],
    ['NOT_FITTED', () => new Als().foldInUser([1])],
  ])('%s', async (code, call) => {
    await expect(call()).rejects.toMatchObject({ code });
  });
});

describe('answers', () => {
  test('explain sums to the score of the same values', async () => {
    const own = await als.foldInUser(matrix.row(9), values(9));
    for (const item of [0, 50, 199]) {
      const reasons = await als.explain(matrix.row(9), item, values(9));
      const sum = reasons.reduce((total, { weight }) => total + weight, 0);
      const score = als.itemFactors.row(item).reduce((total, value, i) => total + value * own[i], 0);
      expect(sum).toBeCloseTo(score, 4);
    }
  });

  test('the score is the product with the folded-in user', async () => {
    const out = new Float32Array(400);
    await als.score([[1, 2, 2], []], out);
    const own = await als.foldInUser([1, 2], [1, 2]);
    const score = als.itemFactors.row(8).reduce((total, value, i) => total + value * own[i], 0);
    expect(out[8]).toBeCloseTo(score, 5);
    expect(out.subarray(200).every((value) => value === 0)).toBe(true);
  });

  test('similar items and users by the cosine', () => {
    const cosine = (a: Float32Array, b: Float32Array) =>
      a.reduce((sum, value, i) => sum + value * b[i], 0) / Math.hypot(...a) / Math.hypot(...b);
    for (const [vectors, found] of [
      [als.itemFactors, als.similarItems(3, 4)],
      [als.userFactors, als.similarUsers(3, 4)],
    ] as const) {
      const all = Array.from({ length: vectors.rows }, (_, row) => row)
        .filter((row) => row !== 3 && vectors.row(row).some((value) => value !== 0))
        .sort((a, b) => cosine(vectors.row(b), vectors.row(3)) - cosine(vectors.row(a), vectors.row(3)));
      expect([...found.items]).toEqual(all.slice(0, 4));
      expect(found.scores[0]).toBeCloseTo(cosine(vectors.row(all[0]), vectors.row(3)), 5);
    }
    expect(() => als.similarItems(200, 1)).toThrow(/outside/);
    expect(() => als.similarUsers(0, -1)).toThrow(/count/);
  });

  test('threads that were given back start again', async () => {
    const before = await als.foldInUser([3]);
    await als.dispose();
    expect(await als.foldInUser([3])).toEqual(before);
  });
});
