import { afterAll, describe, expect, test } from '@jest/globals';
import { CsrMatrix, Rng } from '@towerkit/core';

import { fit, lossOf, type Als } from '../src/index.js';
import { normals, rated, skewed } from './matrices.js';
import { denseLoss, distance, gaussian, lambdas, solveRows } from './reference.js';

const matrix = rated(skewed(new Rng(1), 220, 160, 4_000), new Rng(2));
const made: Als[] = [];
afterAll(() => Promise.all(made.map((als) => als.dispose())));

describe.each([0, 0.5, 1])('exponent %d', (exponent) => {
  const [alpha, w0, regularization] = [9, 0.6, 2];
  const options = { alpha, unobservedWeight: w0, regularization, exponent };
  const lambdaOf = (some: CsrMatrix) => lambdas(some, matrix, { alpha, w0, regularization, exponent });
  const fitted = fit(matrix, { ...options, factors: 14, iterations: 5, threads: 1 }).then((als) => {
    made.push(als);
    return als;
  });

  test('the loss is that of every pair and of every regularization term', async () => {
    const [users, items] = [normals(new Rng(3), 220, 6, 0.4), normals(new Rng(4), 160, 6, 0.4)];
    let wanted = denseLoss(matrix, users, items, { alpha, w0, lambda: 0 });
    for (const [rows, factors] of [
      [matrix, users],
      [matrix.transpose(), items],
    ] as const)
      for (let row = 0; row < rows.rows; row++)
        wanted += lambdaOf(rows)(row) * factors.row(row).reduce((sum, value) => sum + value * value, 0);
    expect((await lossOf(matrix, { users, items }, options)) / wanted).toBeCloseTo(1, 5);
  });

  test('users of the fit and others, and items, fold in as the equations have it', async () => {
    const als = await fitted;
    expect(distance((await als.foldInUsers(matrix)).data, als.userFactors.data)).toBeLessThan(1e-4);
    const [users, items] = [skewed(new Rng(5), 40, 160, 700), skewed(new Rng(6), 30, 220, 700)];
    const how = (some: CsrMatrix) => ({ alpha, w0, lambda: lambdaOf(some) });
    const wanted = solveRows(users, als.itemFactors, how(users));
    expect(distance((await als.foldInUsers(users)).data, wanted)).toBeLessThan(1e-4);
    const others = solveRows(items, als.userFactors, how(items));
    expect(distance((await als.foldInItems(items)).data, others)).toBeLessThan(1e-4);
  });

  test('explain gives the terms of Hu et al., section 5', async () => {
    const als = await fitted;
    const { cols: f, rows: items, data: y } = als.itemFactors;
    const [history, values] = [[3, 40, 7, 3, 12], [1, 2, 0.5, 3, 0]]; // prettier-ignore
    const gains = new Map([[3, 36], [40, 18], [7, 4.5]]); // prettier-ignore
    const lambda = lambdaOf(CsrMatrix.fromPairs(1, items, [0, 0, 0, 0, 0], history, values))(0);
    const a = new Float64Array(f * f);
    for (let i = 0; i < f; i++) a[i * f + i] = lambda;
    for (let item = 0; item < items; item++)
      for (let i = 0; i < f; i++)
        for (let j = 0; j < f; j++)
          a[i * f + j] += (w0 + (gains.get(item) ?? 0)) * y[item * f + i] * y[item * f + j];
    for (const item of [0, 3, 159]) {
      const direction = gaussian(a.slice(), Float64Array.from(als.itemFactors.row(item)), f);
      const term = (other: number) =>
        (w0 + gains.get(other)!) *
        als.itemFactors.row(other).reduce((sum, value, i) => sum + value * direction[i], 0);
      const reasons = await als.explain(history, item, values);
      expect(reasons.map((reason) => reason.item).sort((one, two) => one - two)).toEqual([3, 7, 40]);
      for (const reason of reasons) expect(reason.weight).toBeCloseTo(term(reason.item), 5);
    }
  });
});

test('the loss worked by hand', async () => {
  const one = (...values: number[]) => {
    const matrix = normals(new Rng(0), values.length, 1);
    matrix.data.set(values);
    return matrix;
  };
  // Confidence 1 + 2 * 3 = 7 times (1 - .5)^2, 1 times (0 + 1)^2, and 10 times .25 + 1 + 4.
  const factors = { users: one(0.5), items: one(1, -2) };
  const options = { alpha: 3, regularization: 10 };
  expect(await lossOf(CsrMatrix.fromPairs(1, 2, [0], [0], [2]), factors, options)).toBeCloseTo(55.25, 4);
});
