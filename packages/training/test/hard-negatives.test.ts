import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Matrix, Rng } from '@towerkit/core';
import { createEngine, type Engine } from '@towerkit/engine';
import { gruTower, hardNegativeLoss, itemTower, rated, sampledSoftmax, twoTower } from '@towerkit/towers';
import * as tf from '@tensorflow/tfjs';

import { InlineStream } from '../src/batches/inline-stream.js';
import { HardNegatives } from '../src/hard/hard-negatives.js';
import { nearestItems } from '../src/hard/nearest-items.js';
import { hardnessAt, hardSettings } from '../src/hard/options.js';
import { BatchAssembler, computeItemVectors, initialState } from '../src/index.js';
import { ringHistories, toyModel } from './toy.js';

const ITEMS = 30;
const histories = ringHistories(80, ITEMS, 5, 12);
const model = toyModel();
const batches = {
  batchSize: 48,
  maxLength: 6,
  negatives: [{ proposal: { kind: 'uniform' }, count: 6 }],
} as const;
const normals = (rows: number, cols: number, rng = new Rng(7)) =>
  new Matrix(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, () => rng.normal()),
  );

describe('the items nearest to each', () => {
  test('are those of a full sort by cosine, itself and barred ones left out', async () => {
    const vectors = normals(70, 5);
    vectors.row(3).fill(0);
    const barred = [0, 8, 69];
    const k = 66; // there are only so many
    const lists = await nearestItems(vectors, 4, k, barred, 1);
    const cosine = (a: number, b: number) => {
      const [x, y] = [a, b].map((row) => vectors.row(row).subarray(0, 4));
      const norm = Math.hypot(...x) * Math.hypot(...y);
      return norm > 0 ? x.reduce((sum, value, i) => sum + value * y[i], 0) / norm : 0;
    };
    for (let item = 0; item < 70; item++) {
      const all = Array.from({ length: 70 }, (_, other) => other).filter(
        (o) => o !== item && !barred.includes(o),
      );
      const expected = all.map((other) => cosine(item, other)).sort((a, b) => b - a);
      const found = Array.from(lists.subarray(item * k, (item + 1) * k)).filter((other) => other >= 0);
      expect(new Set(found).size).toBe(Math.min(k, all.length));
      found.forEach((other, rank) => {
        expect(all).toContain(other);
        expect(cosine(item, other)).toBeCloseTo(expected[rank], 5);
      });
    }
  });
});

describe('what a batch gets', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine({ threads: 1 });
  });
  afterAll(() => engine.dispose());

  const hardFor = (options: Parameters<typeof hardSettings>[0], seed = 1, of = model) => {
    const settings = hardSettings(options, ITEMS);
    const data = { histories };
    const state = initialState(of, data, new Rng(2));
    const run = { settings, model: of, data, state, engine, seed, epochs: 5, unseen: true, threads: 1 };
    const assembler = new BatchAssembler(data, { ...batches, hard: settings.count });
    const stream = new InlineStream(assembler, 1);
    return { hard: new HardNegatives(run), assembler, stream, settings };
  };

  test.each([1, 3, 5])(
    "comes from the ranks of epoch %i, is nobody's own, and has one row an item",
    async (epoch) => {
      const { hard, assembler, stream, settings } = hardFor({
        ranks: { from: [10, 20], to: [2, 6] },
        count: 3,
      });
      const { ranks } = hardnessAt(settings, epoch, 5);
      stream.start(epoch, 0);
      let [step, drawn] = [0, 0];
      for (let made = stream.next(); made; made = stream.next(), step++) {
        const shape = assembler.shapes[made.bucket];
        const before = made.itemCount;
        const batch = await hard.addTo(made, { step, epoch, batch: step });
        const rows = Array.from(batch.items.subarray(0, batch.itemCount));
        expect(new Set(rows).size).toBe(rows.length);
        expect(batch.itemCount).toBeLessThan(shape.rows);
        expect(batch.itemCount).toBeGreaterThanOrEqual(before);
        for (let position = 0; position < batch.examples; position++) {
          const target = batch.items[batch.positives[position]];
          const own = Array.from(histories.row(batch.users[batch.positionUser[position]]));
          const near = Array.from(hard.lists!.subarray(target * 20, (target + 1) * 20));
          const open = near.slice(ranks[0] - 1, ranks[1]).filter((item) => !own.includes(item));
          const got = [0, 1, 2].flatMap((k) =>
            batch.hardOffsets![position * 3 + k] === 0 ? [batch.items[batch.hard![position * 3 + k]]] : [],
          );
          expect(got).toHaveLength(Math.min(3, open.length));
          expect(new Set(got).size).toBe(got.length);
          for (const item of got) expect(open).toContain(item);
          expect(got).not.toContain(target);
          drawn += got.length;
        }
        // Padding has none.
        expect(batch.hardOffsets!.subarray(batch.examples * 3).every((offset) => offset < 0)).toBe(true);
      }
      expect(drawn).toBeGreaterThan(100);
    },
  );

  test('comes from the nearest by the vectors alone, whatever biases stand behind them', async () => {
    const of = twoTower({
      item: itemTower({ dimensions: 4, stddev: 0.1 }),
      user: gruTower({ dimensions: 4 }),
      rating: { offset: 3 },
      loss: rated({ loss: sampledSoftmax() }),
    });
    const { hard, stream } = hardFor({ ranks: [1, 3] }, 1, of);
    const { state } = hard.run;
    for (const bias of ['item/bias', 'item/rating_bias'])
      state.tables[bias].values.set(normals(ITEMS, 1, new Rng(bias.length)).data);
    stream.start(1, 0);
    await hard.addTo(stream.next()!, { step: 0, epoch: 1, batch: 0 });
    const vectors = await computeItemVectors(of, state, ITEMS, engine);
    expect(hard.lists).toEqual(await nearestItems(vectors, 4, 3, [], 1));
  });

  test('a share of the examples, and the same for the same seed', async () => {
    const first = async (share: number, seed: number) => {
      const { hard, stream } = hardFor({ ranks: [1, 20], count: 1, share }, seed);
      stream.start(1, 0);
      const made = stream.next()!;
      const { hard: rows, hardOffsets } = await hard.addTo(made, { step: 0, epoch: 1, batch: 0 });
      return {
        rows: String(rows),
        part: hardOffsets!.filter((offset) => offset === 0).length / made.examples,
      };
    };
    expect((await first(0, 1)).part).toBe(0);
    expect((await first(1, 1)).part).toBeGreaterThan(0.95);
    expect(Math.abs((await first(0.5, 1)).part - 0.5)).toBeLessThan(0.25);
    expect((await first(1, 1)).rows).toBe((await first(1, 1)).rows);
    expect((await first(1, 2)).rows).not.toBe((await first(1, 1)).rows);
  });
});

test('ramps go from the first epoch to the last and stay there', () => {
  const settings = hardSettings(
    { ranks: { from: [100, 400], to: [10, 100] }, share: { from: 0, to: 0.8 } },
    1000,
  );
  expect(hardnessAt(settings, 1, 4)).toEqual({ ranks: [100, 400], share: 0 });
  expect(hardnessAt(settings, 2, 4).ranks).toEqual([70, 300]);
  expect(hardnessAt(settings, 4, 4)).toEqual({ ranks: [10, 100], share: 0.8 });
  expect(hardnessAt(settings, 9, 4)).toEqual({ ranks: [10, 100], share: 0.8 });
  expect(hardnessAt(settings, 1, 1).ranks).toEqual([100, 400]);
});

describe.each(['onnx', 'tfjs'] as const)('their loss on the %s engine', (kind) => {
  test('is the cross-entropy of the target among them, with its gradient', async () => {
    const engine = await createEngine({ kind, threads: 1, backend: 'cpu' });
    const [users, target, vectors] = [normals(3, 4), normals(3, 1, new Rng(1)), normals(6, 4, new Rng(2))];
    const offsets = Float32Array.of(0, 0, 0, -1e9, -1e9, -1e9);
    const compiled = await engine.compile(
      ({ u, t, v, o }) => {
        const each = hardNegativeLoss(u as tf.Tensor2D, t as tf.Tensor1D, v as tf.Tensor2D, o as tf.Tensor2D);
        return { each, sum: tf.sum(each) };
      },
      {
        inputs: { u: { shape: [3, 4] }, t: { shape: [3] }, v: { shape: [6, 4] }, o: { shape: [3, 2] } },
        gradient: { of: 'sum', wrt: ['u', 't', 'v'] },
      },
    );
    const losses = (t: Float32Array) =>
      [0, 1, 2].map((row) => {
        const dot = (j: number) => vectors.row(j).reduce((sum, x, i) => sum + x * users.row(row)[i], 0);
        const scores = [2 * row, 2 * row + 1].filter((j) => offsets[j] === 0).map(dot);
        return Math.log(1 + scores.reduce((sum, s) => sum + Math.exp(s - t[row]), 0));
      });
    const feeds = { u: users.data, t: target.data, v: vectors.data, o: offsets };
    const { outputs, gradients } = await compiled.run(feeds);
    losses(target.data).forEach((loss, row) => expect(outputs.each[row]).toBeCloseTo(loss, 5));
    for (let row = 0; row < 3; row++) {
      const moved = (by: number) => losses(target.data.map((t, i) => (i === row ? t + by : t)))[row];
      expect(gradients.t[row]).toBeCloseTo((moved(1e-3) - moved(-1e-3)) / 2e-3, 3);
    }
    expect(gradients.v.subarray(12).every((value) => value === 0)).toBe(true); // absent ones feel nothing
    await engine.dispose();
  });
});
