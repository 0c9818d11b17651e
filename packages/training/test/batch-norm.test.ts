import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CsrMatrix, Matrix, Rng } from '@towerkit/core';
import { createEngine } from '@towerkit/engine';
import { loadOnnx } from '@towerkit/engine/onnx';
import { dotHead, mlpTower, pairModel, twoTower, type TowerInput } from '@towerkit/towers';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  computeItemVectors,
  exportTowers,
  indexedRows,
  numberRows,
  pairTask,
  train,
  trainRows,
  type TrainOptions,
  type TrainResult,
} from '../src/index.js';
import { holdOut, ringHistories, trainInTwo, weights } from './toy.js';

const D = 6;
const { train: histories, targets } = holdOut(ringHistories(90, 15));
const price = new Matrix(
  15,
  1,
  Float32Array.from({ length: 15 }, (_, item) => 5 + (item % 4)),
);
const block = { dimensions: D, hidden: [8], activation: 'elu', norm: 'batch', residual: true } as const;
const inputs: Record<string, TowerInput> = {
  id: { kind: 'embedding', of: 'id', dimensions: D },
  price: { kind: 'feature', of: 'price', dimensions: 1 },
};
const model = twoTower({
  item: mlpTower({ ...block, inputs, dropout: 0.1 }),
  user: mlpTower({ ...block, inputs: { history: { kind: 'history', dimensions: D } } }),
});
const base: TrainOptions = {
  model,
  data: { histories, items: { features: { price } } },
  epochs: 3,
  seed: 3,
  threads: 1,
  batches: { batchSize: 48, maxLength: 8, negatives: [{ proposal: { kind: 'uniform' }, count: 6 }] },
  optimizer: { learningRate: 0.02, weightDecay: 0.1 },
};
const NAMES = ['item.layer0.norm', 'user.layer0.norm'].flatMap((name) => [
  `${name}.mean`,
  `${name}.variance`,
]);
const statistics = ({ state }: TrainResult) =>
  Object.fromEntries(
    NAMES.map((name) => [name, Array.from(state.parameters[`parameter/${name}`].table.values)]),
  );

describe('batch norm in training', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'towerkit-norm-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(['onnx', 'tfjs'] as const)(
    'one step moves the running statistics a tenth of the way, on %s',
    async (kind) => {
      // An item tower that passes prices on as they are: the batch's statistics are known.
      const item = mlpTower({ inputs: { price: inputs.price }, dimensions: 2, hidden: [1], norm: 'batch' });
      const as = (shape: number[], ...data: number[]) => ({ shape, data: Float32Array.from(data) });
      const user = mlpTower({ inputs: { history: { kind: 'history', dimensions: 2 } }, dimensions: 2 });
      const plain = twoTower({
        item: { ...item, init: (rng) => ({ ...item.init(rng), 'layer0.kernel': as([1, 1], 1) }) },
        user,
        bias: false,
      });
      // One user, items 0 to 4: the batch has them all, among padding.
      const one = new CsrMatrix(1, 5, Int32Array.of(0, 5), Int32Array.of(0, 1, 2, 3, 4));
      const prices = new Matrix(5, 1, Float32Array.of(1, 2, 3, 4, 10));
      const engine = await createEngine({ kind, threads: 1, backend: 'cpu' });
      const { state } = await train({
        model: plain,
        data: { histories: one, items: { features: { price: prices } } },
        epochs: 1,
        engine,
        batches: { batchSize: 4, negatives: [] },
        optimizer: { learningRate: 0 },
      });
      await engine.dispose();
      const value = (name: string) => state.parameters[`parameter/item.layer0.norm.${name}`].table.values[0];
      expect(value('mean')).toBeCloseTo(0.1 * 4, 5);
      expect(value('variance')).toBeCloseTo(0.9 + 0.1 * (50 / 4), 5); // squares 9 + 4 + 1 + 0 + 36, of 5 - 1
    },
  );

  test('both sides learn, on both engines alike, with and without the worker', async () => {
    const trained = await train(base);
    expect(weights(await train({ ...base, worker: false }))).toBe(weights(trained));
    expect(trained.epochs.at(-1)!.loss).toBeLessThan(trained.epochs[0].loss);
    // Engines drift apart with the steps: a few of them show that they do the same.
    const engine = await createEngine({ kind: 'tfjs', backend: 'cpu' });
    const slow = { ...base, epochs: 1, optimizer: { learningRate: 0.001 } };
    const [compiled, eager] = [await train(slow), await train({ ...slow, engine })];
    await engine.dispose();
    for (const [name, values] of Object.entries(statistics(compiled)))
      values.forEach((value, i) => {
        expect(value).not.toBe(name.endsWith('mean') ? 0 : 1);
        expect(statistics(eager)[name][i]).toBeCloseTo(value, 2);
      });
  });

  test('interrupted and resumed, it goes on bit for bit; the best epoch comes back with its statistics', async () => {
    const options = { ...base, validation: { targets } };
    const whole = await train(options);
    expect(weights(await trainInTwo(options, join(folder, 'resume')))).toBe(weights(whole));
  });

  test('the exported item tower uses the running statistics, whatever else is in the call', async () => {
    const trained = await train(base);
    const engine = await createEngine({ threads: 1 });
    const vectors = await computeItemVectors(model, trained.state, 15, engine);
    await engine.dispose();
    const onnx = await loadOnnx(exportTowers(trained).item, { threads: 1 });
    const { tables } = trained.state;
    const item = 7;
    const { vectors: alone } = await onnx.run({
      id: { shape: [1, D], data: tables['item/id'].values.slice(item * D, (item + 1) * D) },
      price: { shape: [1, 1], data: price.row(item).slice() },
      bias: { shape: [1, 1], data: tables['item/bias'].values.slice(item, item + 1) },
    });
    await onnx.dispose();
    vectors.row(item).forEach((value, i) => expect(alone.data[i]).toBeCloseTo(value, 4));
  });
});

test('models of pairs keep the statistics of each tower', async () => {
  const rng = new Rng(4);
  const normals = (scale: number) =>
    indexedRows(
      new Matrix(
        60,
        2,
        Float32Array.from({ length: 120 }, () => scale * rng.normal()),
      ),
    );
  const side = (of: string) =>
    mlpTower({
      inputs: { x: { kind: 'feature', of, dimensions: 2 } },
      dimensions: 3,
      hidden: [4],
      norm: 'batch',
    });
  const pairs = pairModel({ user: side('taste'), item: side('text'), head: dotHead() });
  const ones = numberRows(new Array<number>(60).fill(1));
  const { parameters } = await trainRows({
    task: pairTask(pairs),
    rows: {
      count: 60,
      inputs: { 'user/x': normals(1), 'item/x': normals(20), rating: ones, rated: ones, offset: ones },
    },
    epochs: 8,
    threads: 1,
  });
  const variance = (name: string) => Math.max(...parameters[`${name}.layer0.norm.variance`].data);
  expect(variance('item')).toBeGreaterThan(10 * variance('user'));
});
