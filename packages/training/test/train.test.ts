import { beforeAll, afterAll, describe, expect, test } from '@jest/globals';
import { CsrMatrix, Matrix } from '@towerkit/core';
import { createEngine } from '@towerkit/engine';
import { infoNce, itemTower, mlpTower, mse, twoTower, gruTower } from '@towerkit/towers';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { metricsLog, train } from '../src/index.js';
import { base, histories, targets, weights } from './toy.js';

describe('train', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'towerkit-train-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('learns what comes next', async () => {
    const { epochs, best } = await train({ ...base, epochs: 12, validation: { targets } });
    const losses = epochs.map(({ loss }) => loss);
    expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]);
    expect(epochs[0].examples).toBe(
      histories.entries -
        Array.from({ length: histories.rows }, (_, u) => histories.row(u)).filter((r) => r.length > 0).length,
    );
    // Nine of ten steps go to the next item on a ring of twenty: chance is 1 in 20.
    expect(epochs[best!.epoch - 1].metrics['hr@10'].value).toBeGreaterThan(0.8);
    expect(epochs[best!.epoch - 1].metrics['ndcg@10'].value).toBeGreaterThan(0.5);
  });

  test('the same seed gives the same weights, with and without the worker; another seed others', async () => {
    const [a, b, c] = [
      await train(base),
      await train({ ...base, worker: false }),
      await train({ ...base, seed: 4 }),
    ];
    expect(weights(b)).toBe(weights(a));
    expect(weights(c)).not.toBe(weights(a));
  });

  test('the eager engine takes the same path', async () => {
    const engine = await createEngine({ kind: 'tfjs', backend: 'cpu' });
    const [compiled, eager] = [
      await train({ ...base, epochs: 2 }),
      await train({ ...base, epochs: 2, engine }),
    ];
    await engine.dispose();
    eager.epochs.forEach(({ loss }, e) => expect(loss).toBeCloseTo(compiled.epochs[e].loss, 4));
  });

  test('early stopping keeps the best epoch', async () => {
    const result = await train({
      ...base,
      epochs: 30,
      optimizer: { learningRate: 0.05 },
      validation: { targets },
      earlyStopping: { metric: 'ndcg@10', patience: 2 },
    });
    const values = result.epochs.map(({ metrics }) => metrics['ndcg@10'].value);
    expect(result.epochs.length).toBeLessThan(30);
    expect(result.best!.value).toBe(Math.max(...values));
    expect(result.epochs.length - result.best!.epoch).toBe(2);
    await expect(
      train({ ...base, epochs: 1, validation: { targets }, earlyStopping: { metric: 'hr@99' } }),
    ).rejects.toMatchObject({ code: 'UNKNOWN_METRIC' });
  });

  test('features, categories, user ids and every loss go through', async () => {
    const items = {
      categories: { parity: { codes: Int32Array.from({ length: 20 }, (_, i) => i % 2), size: 2 } },
      features: {
        angle: new Matrix(
          20,
          2,
          Float32Array.from({ length: 40 }, (_, i) => Math.sin((i >> 1) + (i & 1))),
        ),
      },
    };
    const rated = new CsrMatrix(
      histories.rows,
      20,
      histories.indptr,
      histories.indices,
      Float32Array.from(histories.indices, (item) => 1 + (item % 5)),
    );
    const item = itemTower({ dimensions: 8, categories: { parity: 4 }, numeric: { angle: 2 } });
    for (const model of [
      twoTower({ item, user: gruTower({ dimensions: 8, id: 4, mean: true }) }),
      twoTower({ item, user: gruTower({ dimensions: 8 }), normalize: true, loss: infoNce() }),
      twoTower({ item, user: gruTower({ dimensions: 8 }), loss: mse({ offset: 3 }) }),
      twoTower({
        item,
        user: mlpTower({ dimensions: 8, inputs: { id: { kind: 'embedding', of: 'id', dimensions: 4 } } }),
      }),
    ]) {
      const { epochs } = await train({ ...base, model, data: { histories: rated, items }, epochs: 6 });
      expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0].loss);
    }
    await expect(
      train({ ...base, model: twoTower({ item, user: gruTower({ dimensions: 8 }) }) }),
    ).rejects.toMatchObject({
      code: 'MISSING_FEATURE',
    });
  });

  test('vectors can start from a given matrix', async () => {
    const start = new Matrix(
      20,
      8,
      Float32Array.from({ length: 160 }, (_, i) => i / 160),
    );
    const { state } = await train({
      ...base,
      epochs: 1,
      optimizer: { learningRate: 0 },
      start: { 'item/id': start },
    });
    expect(state.tables['item/id'].values).toEqual(start.data);
    await expect(train({ ...base, start: { 'item/id': new Matrix(3, 8) } })).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
    });
    await expect(train({ ...base, start: { 'item/x': start } })).rejects.toMatchObject({
      code: 'UNKNOWN_TABLE',
    });
  });

  test.each([
    ['a bias by default', {}, true],
    ['none with bias: false', { bias: false }, false],
    ['none with normalize', { normalize: true, loss: infoNce() }, false],
  ])('%s, in the model, its tables and its width alike', async (_, options, bias) => {
    const model = twoTower({
      item: itemTower({ dimensions: 8 }),
      user: gruTower({ dimensions: 8 }),
      ...options,
    });
    const { state } = await train({ ...base, model, epochs: 1, validation: { targets } });
    expect(model.bias).toBe(bias);
    expect('bias' in model.itemInputs).toBe(bias);
    expect('item/bias' in state.tables).toBe(bias);
    expect(model.dimensions).toBe(bias ? 9 : 8);
  });

  test('a loss of ratings without ratings, or with one that is no number, says so', async () => {
    const model = twoTower({
      item: itemTower({ dimensions: 8 }),
      user: gruTower({ dimensions: 8 }),
      loss: mse(),
    });
    await expect(train({ ...base, model })).rejects.toMatchObject({
      code: 'NO_RATINGS',
      message: expect.stringContaining('"mse"'),
      hint: expect.stringContaining('rating column'),
    });
    const values = new Float32Array(histories.entries).fill(3);
    values[histories.indptr[2] + 1] = NaN;
    const { rows, cols, indptr, indices } = histories;
    const rated = new CsrMatrix(rows, cols, indptr, indices, values);
    await expect(train({ ...base, model, data: { histories: rated } })).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: 'the rating 1 of user 2 is NaN, not a number',
    });
  });

  test('nothing to learn from is an error', async () => {
    const empty = new CsrMatrix(2, 3, Int32Array.of(0, 1, 2), Int32Array.of(0, 1));
    await expect(train({ ...base, data: { histories: empty } })).rejects.toMatchObject({
      code: 'EMPTY_DATA',
    });
  });

  test('metrics.jsonl holds a line an epoch', async () => {
    const path = join(folder, 'deep', 'metrics.jsonl');
    await train({ ...base, epochs: 2, validation: { targets }, callbacks: [metricsLog(path)] });
    const lines = (await readFile(path, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(lines[0].metrics['hr@10'].users).toBe(lines[1].metrics['hr@10'].users);
  });
});
