import { describe, expect, test } from '@jest/globals';
import { recommenderSuite } from '@towerkit/conformance';
import { CsrMatrix, Matrix, Rng } from '@towerkit/core';

import { foldIn, foldInScale } from '../src/bpr/fold-in.js';
import { BprMf, type EpochReport } from '../src/index.js';

recommenderSuite('BprMf', {
  make: () => new BprMf({ factors: 10, epochs: 60, seed: 3, threads: 1 }),
  load: BprMf.load,
  kind: 'bpr-mf',
  knowsUsers: true,
});

/** One user with item 0 of two: every triple is (0, 0, 1). */
const single = CsrMatrix.fromPairs(1, 2, [0], [0]);

describe('BprMf', () => {
  test('one step, worked by hand', async () => {
    const options = { factors: 2, regularization: 0.25, biasRegularization: 0.5, learningRate: 0.5, seed: 7 };
    const model = new BprMf({ ...options, epochs: 1 });
    await model.fit(single);
    const rng = new Rng(7);
    const [p0, p1, i0, i1, j0, j1] = Array.from({ length: 6 }, () => 0.1 * rng.normal());
    const g = 1 / (1 + Math.exp(p0 * (i0 - j0) + p1 * (i1 - j1)));
    const step = (w: number, gradient: number) => w + 0.5 * (gradient - 0.25 * w);
    const near = (values: Float32Array, expected: number[]) =>
      expected.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 6));
    near(model.userFactors.data, [step(p0, g * (i0 - j0)), step(p1, g * (i1 - j1))]);
    near(model.itemFactors.data, [step(i0, g * p0), step(i1, g * p1), step(j0, -g * p0), step(j1, -g * p1)]);
    near(model.itemBias, [0.5 * g, -0.5 * g]);
  });

  test('without a bias there is none', async () => {
    const model = new BprMf({ factors: 3, epochs: 3, bias: false });
    await model.fit(single);
    expect(Array.from(model.itemBias)).toEqual([0, 0]);
    const out = new Float32Array(2);
    await model.score([[0]], out, [0]);
    for (const item of [0, 1])
      expect(out[item]).toBeCloseTo(dot(model.userFactors.row(0), model.itemFactors.row(item)), 6);
    await model.dispose();
  });

  test('a known user is scored by the learned vector, somebody unknown by the history', async () => {
    const model = new BprMf({ factors: 5, epochs: 40 });
    const data = pairs();
    await model.fit(data);
    const { userFactors: users, itemFactors: items, itemBias: bias } = model;
    const scale = foldInScale(data, { users, items, bias });
    const unknown = new Float32Array(5);
    foldIn(items, scale, [2, 5], unknown);
    const out = new Float32Array(2 * data.cols);
    await model.score([[2, 5, 5], []], out, [-1, 4]);
    for (let item = 0; item < data.cols; item++) {
      expect(out[item]).toBeCloseTo(dot(unknown, items.row(item)) + bias[item], 5);
      expect(out[data.cols + item]).toBeCloseTo(dot(users.row(4), items.row(item)) + bias[item], 5);
    }
    const reasons = model.explain([2, 5, 5], 1);
    expect(reasons.map(({ item }) => item).sort()).toEqual([2, 5]);
    expect(reasons.reduce((sum, { weight }) => sum + weight, bias[1])).toBeCloseTo(out[1], 5);
    await model.dispose();
  });

  test('the scale of unknown users has the least squares', () => {
    const rng = new Rng(2);
    const random = (rows: number) =>
      new Matrix(
        rows,
        3,
        Float32Array.from({ length: 3 * rows }, () => rng.normal()),
      );
    const data = pairs();
    const weights = { users: random(data.rows), items: random(data.cols), bias: new Float32Array(data.cols) };
    const best = foldInScale(data, weights);
    const loss = (scale: number) => {
      let sum = 0;
      for (let user = 0; user < data.rows; user++) {
        const out = new Float64Array(3);
        foldIn(weights.items, scale, data.row(user), out);
        out.forEach((value, i) => (sum += (value - weights.users.data[3 * user + i]) ** 2));
      }
      return sum;
    };
    expect(loss(best + 0.01)).toBeGreaterThan(loss(best));
    expect(loss(best - 0.01)).toBeGreaterThan(loss(best));
  });

  test('reports epochs, hands out snapshots that stay, keeps the best and stops', async () => {
    const model = new BprMf({ factors: 4, epochs: 50 });
    const data = pairs();
    const kept: { report: EpochReport<BprMf>; items: Float32Array }[] = [];
    await model.fit(data, {
      onEpoch: async (report) => {
        const now = await report.snapshot();
        kept.push({ report, items: now.itemFactors.data });
        await now.dispose();
        return { best: report.epoch === 2, stop: report.epoch === 4 };
      },
    });
    expect(kept.map(({ report }) => report.epoch)).toEqual([1, 2, 3, 4]);
    expect(kept[3].report.loss).toBeLessThan(kept[0].report.loss);
    expect(kept[3].report.seconds).toBeGreaterThan(kept[0].report.seconds);
    expect(model.itemFactors.data).toEqual(kept[1].items);
    expect(kept[0].items).not.toEqual(kept[1].items);
    expect(kept[3].items).not.toEqual(kept[1].items);
  });

  test('another seed gives another model; repetitions and values change nothing, zeros do not count', async () => {
    const fit = async (data: CsrMatrix, seed = 0) => {
      const model = new BprMf({ factors: 4, epochs: 5, seed });
      await model.fit(data);
      return model.itemFactors.data;
    };
    const once = CsrMatrix.fromPairs(2, 3, [0, 0, 1], [0, 1, 2]);
    const odd = CsrMatrix.fromPairs(2, 3, [0, 0, 0, 1, 1], [1, 0, 1, 2, 0], [2, 5, 1, 1, 0]);
    expect(await fit(odd)).toEqual(await fit(once));
    expect(await fit(once, 1)).not.toEqual(await fit(once));
  });

  test('a user with every item is passed over', async () => {
    const model = new BprMf({ factors: 2, epochs: 2 });
    await model.fit(CsrMatrix.fromPairs(1, 2, [0, 0], [0, 1]));
    expect(model.itemFactors.data.every(Number.isFinite)).toBe(true);
  });

  test.each([
    ['factors', 0],
    ['epochs', 1.5],
    ['learningRate', 0],
    ['learningRate', NaN],
    ['regularization', -1],
    ['biasRegularization', Infinity],
    ['bias', 1],
    ['seed', 0.5],
    ['threads', 0],
  ])('%s of %p', (name, value) => {
    expect(() => new BprMf({ [name]: value })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });

  test('data it cannot learn from', async () => {
    const model = new BprMf();
    const bad = CsrMatrix.fromPairs(2, 2, [0, 1], [0, 1], [1, NaN]);
    await expect(model.fit(bad)).rejects.toMatchObject({ code: 'BAD_VALUE', details: { row: 1 } });
    await expect(model.fit(CsrMatrix.fromPairs(2, 2, [], []))).rejects.toMatchObject({ code: 'EMPTY_DATA' });
    const wild = new BprMf({ factors: 2, epochs: 50, learningRate: 1e20 });
    await expect(wild.fit(pairs())).rejects.toMatchObject({ code: 'DIVERGED' });
    expect(wild.items).toBe(0);
  });
});

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** 12 users who each have four of nine items. */
function pairs(): CsrMatrix {
  const rng = new Rng(5);
  const [rows, columns]: [number[], number[]] = [[], []];
  for (let user = 0; user < 12; user++)
    for (const item of rng.shuffle(Array.from({ length: 9 }, (_, i) => i)).slice(0, 4)) {
      rows.push(user);
      columns.push(item);
    }
  return CsrMatrix.fromPairs(12, 9, rows, columns);
}
