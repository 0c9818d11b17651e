import { afterAll, describe, expect, test } from '@jest/globals';
import { CsrMatrix, Rng } from '@towerkit/core';

import { Als, fit, lossOf } from '../src/index.js';
import { normals, skewed } from './matrices.js';

const options = { factors: 4, iterations: 2, threads: 1 };
const matrix = skewed(new Rng(1), 20, 15, 80);
const als = await fit(matrix, options);
afterAll(() => als.dispose());

describe('values', () => {
  test.each([NaN, -1e-30, -Infinity, 3e38])('of %p: the message names the row', async (value) => {
    const bad = CsrMatrix.fromPairs(3, 4, [0, 2, 2], [0, 1, 3], [1, 2, value]);
    const expected = { code: 'BAD_VALUE', details: { row: 2, column: 3, value: Math.fround(value) } };
    await expect(fit(bad, options)).rejects.toMatchObject(expected);
    await expect(fit(bad, options)).rejects.toThrow('row 2: column 3');
    const factors = { users: normals(new Rng(2), 3, 4), items: normals(new Rng(3), 4, 4) };
    await expect(lossOf(bad, factors)).rejects.toMatchObject(expected);
  });

  test('that only together are infinite', async () => {
    const bad = CsrMatrix.fromPairs(2, 2, [1, 1], [0, 0], [3e38, 3e38]);
    const expected = { code: 'BAD_VALUE', details: { row: 1, column: 0 } };
    await expect(fit(bad, { ...options, alpha: 1 })).rejects.toMatchObject(expected);
  });

  test('in a batch and in an explanation', async () => {
    const rows = CsrMatrix.fromPairs(2, 15, [0, 1], [3, 4], [1, -1]);
    const expected = { code: 'BAD_VALUE', details: { row: 1, column: 4 } };
    await expect(als.foldInUsers(rows)).rejects.toMatchObject(expected);
    await expect(als.explain([1, 2], 0, [1, Infinity])).rejects.toMatchObject({ code: 'BAD_VALUE' });
  });
});

test('an index outside the matrix names its row', () => {
  for (const column of [3, -1])
    expect(() => new CsrMatrix(2, 3, Int32Array.of(0, 1, 2), Int32Array.of(0, column))).toThrow(
      expect.objectContaining({ code: 'BAD_CSR', details: { row: 1, column } }),
    );
});

test('a start that is not finite names its row and is not fitted', async () => {
  const items = normals(new Rng(4), 15, 4);
  items.row(6)[1] = NaN;
  const expected = { code: 'BAD_VALUE', details: { row: 6, column: 1 } };
  await expect(fit(matrix, { ...options, start: { items } })).rejects.toMatchObject(expected);
});

test('shapes that do not fit the model', async () => {
  for (const asked of [
    als.explain([1], 2, [1, 2]),
    als.foldInItems(matrix),
    als.loss(matrix.transpose()),
    lossOf(matrix, { users: normals(new Rng(5), 20, 4), items: normals(new Rng(6), 15, 5) }),
  ])
    await expect(asked).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
});

test('a fit of bad data keeps the old model', async () => {
  const model = await fit(matrix, options);
  const before = [model.userFactors.data.slice(), model.itemFactors.data.slice()];
  const bad = CsrMatrix.fromPairs(20, 15, [3], [2], [NaN]);
  await expect(model.fit(bad)).rejects.toMatchObject({ code: 'BAD_VALUE', details: { row: 3 } });
  expect([model.userFactors.data, model.itemFactors.data]).toEqual(before);
});

test('before a fit there is nothing to ask', async () => {
  const none = new Als();
  const code = { code: 'NOT_FITTED' };
  for (const ask of [
    () => none.userFactors,
    () => none.itemFactors,
    () => none.similarItems(0, 1),
    () => none.similarUsers(0, 1),
  ])
    expect(ask).toThrow(expect.objectContaining(code));
  for (const asked of [none.foldInItems(matrix), none.foldInItem([0]), none.loss(matrix)])
    await expect(asked).rejects.toMatchObject(code);
});
