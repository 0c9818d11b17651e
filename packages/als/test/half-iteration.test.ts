import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, test } from '@jest/globals';
import { CsrMatrix, Rng } from '@towerkit/core';

import { fit, type AlsOptions } from '../src/index.js';
import { normals, rated, skewed } from './matrices.js';
import { distance, lambdas, solveRows } from './reference.js';

/** Items from equal user factors, then users from these items, beside float64. */
async function halves(matrix: CsrMatrix, options: AlsOptions): Promise<[items: number, users: number]> {
  const { factors = 128, alpha = 40, regularization = 5, unobservedWeight: w0 = 1, exponent = 0 } = options;
  const users = normals(new Rng(3), matrix.rows, factors);
  const als = await fit(matrix, { ...options, alpha, regularization, iterations: 1, start: { users } });
  const how = (some: CsrMatrix) => ({
    ...{ alpha, w0 },
    lambda: lambdas(some, matrix, { alpha, regularization, exponent, w0 }),
  });
  const columns = matrix.transpose();
  const items = distance(als.itemFactors.data, solveRows(columns, users, how(columns)));
  return [items, distance(als.userFactors.data, solveRows(matrix, als.itemFactors, how(matrix)))];
}

const solvers = [
  { solver: 'exact' },
  { solver: 'cg', cgSteps: 500 },
  { solver: 'auto', cgSteps: 500 },
] as const satisfies AlsOptions[];

describe('half iterations are within 1e-4 of float64', () => {
  const matrix = skewed(new Rng(1), 943, 1_682, 100_000);
  for (const solver of solvers) {
    test(`943 x 1,682, ${solver.solver}`, async () => {
      for (const error of await halves(matrix, { factors: 48, ...solver })) expect(error).toBeLessThan(1e-4);
    });

    test(`943 x 1,682, values, exponent .5, ${solver.solver}`, async () => {
      const options = { factors: 35, exponent: 0.5, ...solver };
      for (const error of await halves(rated(matrix, new Rng(4)), options)) expect(error).toBeLessThan(1e-4);
    });
  }

  test('two conjugate gradient steps are not', async () => {
    const [items] = await halves(matrix, { factors: 16, solver: 'cg', cgSteps: 2 });
    expect(items).toBeGreaterThan(1e-4);
  });

  const small = rated(skewed(new Rng(2), 90, 70, 900), new Rng(4));
  for (const solver of solvers)
    test.each([1, 3, 8, 13, 20])(`values, odd sizes, ${solver.solver}, %d factors`, async (factors) => {
      const options = { factors, ...solver, alpha: 2.5, unobservedWeight: 0.3, regularization: 0.7 };
      for (const error of await halves(small, options)) expect(error).toBeLessThan(1e-4);
    });

  const folder = movieLens();
  (folder === undefined ? test.skip : test)('MovieLens 100k', async () => {
    const lines = readFileSync(join(folder!, 'u.data'), 'utf8').trim().split('\n');
    const fields = lines.map((line) => line.split('\t').map(Number));
    const [users, items, ratings] = [0, 1, 2].map((at) => fields.map((row) => row[at]));
    const minus1 = (ids: number[]) => ids.map((id) => id - 1);
    const real = CsrMatrix.fromPairs(943, 1_682, minus1(users), minus1(items), ratings);
    for (const solver of solvers)
      for (const error of await halves(real, { factors: 32, ...solver })) expect(error).toBeLessThan(1e-4);
    for (const error of await halves(real, { factors: 32, exponent: 0.5, ...solvers[2] }))
      expect(error).toBeLessThan(1e-4);
  });
});

test('lambda grows with the confidence of the row, its mean stays', async () => {
  const matrix = rated(skewed(new Rng(2), 90, 70, 900), new Rng(4));
  const [alpha, w0, exponent, factors] = [2.5, 0.3, 0.8, 12];
  const users = normals(new Rng(3), matrix.rows, factors);
  const confidence = (m: CsrMatrix) =>
    Array.from({ length: m.rows }, (_, row) => {
      let sum = w0 * m.cols;
      for (let k = m.indptr[row]; k < m.indptr[row + 1]; k++) sum += alpha * m.values![k];
      return sum ** exponent;
    });
  const [ofUsers, ofItems] = [confidence(matrix), confidence(matrix.transpose())];
  const all = [...ofUsers, ...ofItems];
  const scale = (0.7 * all.length) / all.reduce((sum, one) => sum + one, 0);
  for (const solver of solvers) {
    const als = await fit(matrix, {
      ...{ alpha, factors, exponent, unobservedWeight: w0, regularization: 0.7, iterations: 1 },
      ...{ start: { users }, ...solver },
    });
    const items = solveRows(matrix.transpose(), users, { alpha, w0, lambda: (row) => scale * ofItems[row] });
    const back = solveRows(matrix, als.itemFactors, { alpha, w0, lambda: (row) => scale * ofUsers[row] });
    expect(distance(als.itemFactors.data, items)).toBeLessThan(1e-4);
    expect(distance(als.userFactors.data, back)).toBeLessThan(1e-4);
  }
});

/** Where MovieLens 100k is: below TOWERKIT_SHARED, or in a `shared` folder beside the project. */
function movieLens(): string | undefined {
  const places = process.env.TOWERKIT_SHARED ? [process.env.TOWERKIT_SHARED] : [];
  for (let at = import.meta.dirname; at !== dirname(at); at = dirname(at)) places.push(join(at, 'shared'));
  return places
    .flatMap((place) => [join(place, 'datasets', 'ml-100k'), join(place, 'ml-100k')])
    .find((place) => existsSync(join(place, 'u.data')));
}
