import { afterAll, describe, expect, test } from '@jest/globals';
import { CsrMatrix, Matrix, Rng, type ProgressEvent } from '@towerkit/core';

import { Als, fit, lossOf, type AlsOptions } from '../src/index.js';
import { normals, rated, skewed } from './matrices.js';
import { denseLoss, distance } from './reference.js';

const matrix = rated(skewed(new Rng(1), 300, 200, 5_000), new Rng(2));
const made: Als[] = [];
const fitted = async (options: AlsOptions & Parameters<typeof fit>[1] = {}, on = matrix) => {
  const als = await fit(on, { factors: 24, regularization: 3, iterations: 5, ...options });
  made.push(als);
  return als;
};
afterAll(() => Promise.all(made.map((als) => als.dispose())));

describe('loss', () => {
  test('is that of every pair', async () => {
    const als = await fitted({ alpha: 7, unobservedWeight: 0.5 });
    const wanted = denseLoss(matrix, als.userFactors, als.itemFactors, { alpha: 7, lambda: 3, w0: 0.5 });
    expect((await als.loss(matrix)) / wanted).toBeCloseTo(1, 5);
    const factors = { users: als.userFactors, items: als.itemFactors };
    const options = { alpha: 7, unobservedWeight: 0.5, regularization: 3 };
    expect(await lossOf(matrix, factors, options)).toBe(await als.loss(matrix));
  });

  test.each([{ solver: 'exact' }, { solver: 'cg' }, { solver: 'auto' }, { exponent: 1 }] as const)(
    'falls every iteration, %j',
    async (options) => {
      const losses: number[] = [];
      const onProgress = ({ figures }: ProgressEvent) => losses.push(figures!.loss);
      const als = await fitted({ ...options, iterations: 12, computeLoss: true, onProgress });
      expect(losses).toHaveLength(12);
      losses.slice(1).forEach((loss, i) => expect(loss).toBeLessThan(losses[i]));
      expect((await als.loss(matrix)) / losses[11]).toBeCloseTo(1, 6);
    },
  );

  test('is reported only on request, seconds always', async () => {
    const events: ProgressEvent[] = [];
    await fitted({ iterations: 2, onProgress: (event) => events.push(event) });
    expect(events.map(({ stage, done, total, unit }) => [stage, done, total, unit])).toEqual([
      ['fit', 1, 2, 'iterations'],
      ['fit', 2, 2, 'iterations'],
    ]);
    expect(Object.keys(events[0].figures!)).toEqual(['seconds']);
  });
});

describe('the same bits', () => {
  test.each([{ solver: 'auto' }, { solver: 'exact' }, { exponent: 1 }] as const)(
    'on one thread and two, %j',
    async (options) => {
      const big = skewed(new Rng(5), 3_000, 700, 20_000);
      const [one, two] = await Promise.all([1, 2].map((threads) => fitted({ ...options, threads }, big)));
      expect(one.itemFactors.data).toEqual(two.itemFactors.data);
      expect(one.userFactors.data).toEqual(two.userFactors.data);
      const other = await fitted({ ...options, seed: 1 }, big);
      expect(other.userFactors.data).not.toEqual(one.userFactors.data);
    },
  );

  test('many more users than items take the detour over the items to the same factors', async () => {
    const wide = skewed(new Rng(6), 4_000, 30, 6_000);
    const users = normals(new Rng(7), 4_000, 64);
    const [direct, back] = await Promise.all([
      fitted({ factors: 64, start: { users } }, wide),
      // One item more than there are users: the other way.
      fitted({ factors: 64, start: { users } }, new CsrMatrix(4_000, 4_001, wide.indptr, wide.indices)),
    ]);
    expect(distance(direct.userFactors.data, back.userFactors.data)).toBeLessThan(1e-4);
  });
});

describe('warm start', () => {
  test('from a fit goes on where it was', async () => {
    const first = await fitted({ iterations: 6, solver: 'exact' });
    const { userFactors: users, itemFactors: items } = first;
    const second = await fitted({ iterations: 1, solver: 'exact', start: { users, items } });
    const whole = await fitted({ iterations: 7, solver: 'exact' });
    expect(await second.loss(matrix)).toBeLessThan(await first.loss(matrix));
    expect(second.userFactors.data).toEqual(whole.userFactors.data);
  });

  test('from items alone solves the users first', async () => {
    const { itemFactors: items } = await fitted();
    const fromItems = await fitted({ iterations: 1, start: { items } });
    const fresh = await fitted({ iterations: 1 });
    expect(await fromItems.loss(matrix)).toBeLessThan(0.9 * (await fresh.loss(matrix)));
  });

  test.each([
    ['SHAPE_MISMATCH', { users: new Matrix(300, 23) }],
    ['SHAPE_MISMATCH', { items: new Matrix(300, 24) }],
    ['BAD_VALUE', { items: new Matrix(200, 24, new Float32Array(4_800).fill(NaN)) }],
  ])('%s', async (code, start) => {
    await expect(fit(matrix, { factors: 24, start })).rejects.toMatchObject({ code });
  });
});

describe('what the entries say', () => {
  const pairs = (rows: number[], cols: number[], values?: number[]) =>
    CsrMatrix.fromPairs(4, 5, rows, cols, values);

  test('entries of a pair add up, those of 0 say nothing, empty rows and columns are zeros', async () => {
    const options = { factors: 2, regularization: 1, iterations: 3 };
    const twice = await fitted(options, pairs([0, 0, 1, 1, 3], [1, 1, 2, 4, 1], [1, 2, 1, 0, 2]));
    const once = await fitted(options, pairs([0, 1, 3], [1, 2, 1], [3, 1, 2]));
    expect(twice.itemFactors.data).toEqual(once.itemFactors.data);
    expect(twice.userFactors.data).toEqual(once.userFactors.data);
    expect([...once.userFactors.row(2)]).toEqual([0, 0]);
    for (const item of [0, 3, 4]) expect([...once.itemFactors.row(item)]).toEqual([0, 0]);
    expect(Math.abs(once.itemFactors.row(1)[0])).toBeGreaterThan(0);
  });

  test('no entries at all are zeros', async () => {
    const als = await fitted({ factors: 3 }, pairs([], []));
    expect([...als.userFactors.data, ...als.itemFactors.data].every((value) => value === 0)).toBe(true);
  });

  test.each([NaN, -1, Infinity, 3e38])('a value of %p names its row', async (value) => {
    const bad = pairs([0, 2], [1, 3], [1, value]);
    await expect(fit(bad, { factors: 2 })).rejects.toMatchObject({
      code: 'BAD_VALUE',
      details: { row: 2, column: 3 },
    });
  });

  test('huge values stay finite', async () => {
    const als = await fitted({ factors: 8 }, pairs([0, 0, 1, 2], [1, 2, 1, 1], [1e30, 1, 1e35, 5]));
    expect([...als.userFactors.data, ...als.itemFactors.data].every(Number.isFinite)).toBe(true);
  });

  test.each([
    [0, 5],
    [5, 0],
  ])('no rows or columns: %d x %d', async (rows, cols) => {
    const none = CsrMatrix.fromPairs(rows, cols, [], []);
    await expect(fit(none)).rejects.toMatchObject({ code: 'EMPTY_DATA' });
  });
});

test.each([
  ['factors', 0],
  ['factors', 1.5],
  ['factors', 4_000],
  ['regularization', 0],
  ['regularization', NaN],
  ['alpha', -1],
  ['alpha', Infinity],
  ['unobservedWeight', 0],
  ['exponent', -1],
  ['iterations', 0],
  ['seed', 0.5],
  ['solver', 'lu'],
  ['cgSteps', 0],
  ['computeLoss', 1],
  ['threads', 0],
])('option %s of %p', (option, value) => {
  try {
    new Als({ [option]: value });
    throw new Error('it was taken');
  } catch (error) {
    expect(error).toMatchObject({ code: 'BAD_OPTION', details: { option } });
  }
});

test('a stop in the middle keeps the old model and ends the threads', async () => {
  const als = await fitted();
  const before = als.userFactors.data.slice();
  const controller = new AbortController();
  const reason = new Error('enough');
  const stopped = als.fit(matrix, {
    signal: controller.signal,
    onProgress: ({ done }) => done === 2 && controller.abort(reason),
  });
  await expect(stopped).rejects.toBe(reason);
  expect(als.userFactors.data).toEqual(before);
});
