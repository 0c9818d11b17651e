import { afterAll, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { createEngine, type Engine, type TensorFunction } from '../src/index.js';

const onnx = await createEngine({ threads: 2 });
const wasm = await createEngine({ kind: 'tfjs', backend: 'wasm' });
const cpu = await createEngine({ kind: 'tfjs', backend: 'cpu' });
const engines: Engine[] = [onnx, wasm, cpu];
afterAll(async () => {
  for (const engine of engines) await engine.dispose();
});

const fn: TensorFunction = ({ x, w }, random) => {
  const y = tf.sigmoid(tf.matMul(x, w));
  return {
    loss: tf.mean(tf.mul(tf.square(y), random.dropoutMask([4, 2], 0.25))),
    y,
    best: tf.argMax(y, 1),
    above: tf.greater(y, 0.5),
  };
};
const options = {
  inputs: { x: { shape: [4, 3] }, w: { shape: [3, 2] } },
  gradient: { of: 'loss', wrt: ['w'] },
};
const feeds = {
  x: Float32Array.from({ length: 12 }, (_, i) => Math.sin(i)),
  w: Float32Array.of(1, -1, 0.5, 2, 0, 1),
};

describe('every engine', () => {
  test('describes itself', () => {
    expect(engines.map(({ kind, description }) => [kind, description])).toEqual([
      ['onnx', 'onnxruntime-node cpu, 2 threads'],
      ['tfjs', 'tfjs wasm'],
      ['tfjs', 'tfjs cpu'],
    ]);
  });

  for (const engine of engines)
    test(`${engine.description}: no tensor stays, the backend is the caller's again, results are the caller's own`, async () => {
      const before = [tf.getBackend(), tf.memory().numTensors, tf.memory().numDataBuffers];
      const f = await engine.compile(fn, options);
      const first = await f.run(feeds, new Rng(1));
      const copy = structuredClone(first);
      for (let i = 0; i < 3; i++) await f.run({ ...feeds, w: new Float32Array(6) }, new Rng(i));
      expect(first).toEqual(copy);
      expect(await f.run(feeds, new Rng(1))).toEqual(first);
      expect([tf.getBackend(), tf.memory().numTensors, tf.memory().numDataBuffers]).toEqual(before);
      expect(first.outputs.best).toBeInstanceOf(Int32Array);
      expect(first.outputs.above).toBeInstanceOf(Int32Array);
      expect(first.outputs.loss).toHaveLength(1);
      expect(Object.keys(first.gradients)).toEqual(['w']);
    });

  for (const engine of engines)
    test(`${engine.description}: a run that fails leaves nothing`, async () => {
      const before = [tf.getBackend(), tf.memory().numTensors];
      const f = await engine.compile(fn, options);
      await expect(f.run(feeds)).rejects.toMatchObject({ code: 'RNG_REQUIRED' });
      expect([tf.getBackend(), tf.memory().numTensors]).toEqual(before);
    });

  for (const engine of engines)
    test(`${engine.description}: customGrad, a constant from outside, a tensor inside a tidy, shared memory`, async () => {
      const outside = tf.tensor([1, 2, 3]);
      const straightThrough = tf.customGrad((x) => ({
        value: tf.round(x as tf.Tensor),
        gradFunc: (dy) => tf.mul(dy, 5),
      }));
      const f = await engine.compile(
        ({ x }) => ({ loss: tf.tidy(() => tf.sum(tf.mul(straightThrough(x), outside))) }),
        { inputs: { x: { shape: [3] } }, gradient: { of: 'loss', wrt: ['x'] } },
      );
      const shared = new Float32Array(new SharedArrayBuffer(12));
      shared.set([0.6, 1.2, 2.9]);
      const { outputs, gradients } = await f.run({ x: shared });
      expect([...outputs.loss]).toEqual([1 + 2 + 9]);
      expect([...gradients.x]).toEqual([5, 10, 15]);
      expect([...outside.dataSync()]).toEqual([1, 2, 3]);
      outside.dispose();
    });

  test('disposing an engine disposes what it compiled', async () => {
    for (const kind of ['onnx', 'tfjs'] as const) {
      const engine = await createEngine({ kind, backend: 'cpu' });
      const f = await engine.compile(fn, options);
      await engine.dispose();
      await engine.dispose();
      await expect(f.run(feeds, new Rng(1))).rejects.toMatchObject({ code: 'DISPOSED' });
    }
  });

  test('auto takes the first backend that is installed', async () => {
    const engine = await createEngine({ kind: 'tfjs' });
    expect(['tfjs tfjs-node-gpu', 'tfjs tfjs-node', 'tfjs wasm']).toContain(engine.description);
  });
});

test('many rows added to few places are added exactly, on two threads', async () => {
  const [rows, width, places] = [8000, 64, 37];
  const rng = new Rng(4);
  const ids = Int32Array.from({ length: rows }, () => rng.integer(places));
  const values = Float32Array.from({ length: rows * width }, () => rng.integer(7));
  const sums = new Float32Array(places * width);
  ids.forEach((id, i) => {
    for (let j = 0; j < width; j++) sums[id * width + j] += values[i * width + j];
  });
  const f = await onnx.compile(
    ({ table, ids, values }) => ({ loss: tf.sum(tf.mul(tf.gather(table, ids), values)) }),
    {
      inputs: {
        table: { shape: [places, width] },
        ids: { shape: [rows], dtype: 'int32' },
        values: { shape: [rows, width] },
      },
      gradient: { of: 'loss', wrt: ['table'] },
    },
  );
  for (let i = 0; i < 8; i++) {
    const { gradients } = await f.run({ table: new Float32Array(places * width), ids, values });
    expect(gradients.table).toEqual(sums);
  }
});

test('a padded batch under a mask gives the loss and gradients of the unpadded one', async () => {
  const loss =
    (rows: number): TensorFunction =>
    ({ x, w, mask }) => {
      const scores = tf.squeeze(tf.matMul(x, w), [1]);
      const each = tf.softplus(tf.neg(scores));
      return { loss: tf.div(tf.sum(tf.mul(each, mask)), tf.sum(mask)), rows: tf.scalar(rows) };
    };
  const compile = (rows: number) =>
    onnx.compile(loss(rows), {
      inputs: { x: { shape: [rows, 3] }, w: { shape: [3, 1] }, mask: { shape: [rows] } },
      gradient: { of: 'loss', wrt: ['w'] },
    });
  const w = Float32Array.of(0.3, -0.2, 1);
  const x = Float32Array.from({ length: 15 }, (_, i) => Math.cos(i));
  const whole = await (await compile(5)).run({ x, w, mask: new Float32Array(5).fill(1) });
  const padded = new Float32Array(24).fill(9);
  padded.set(x);
  const result = await (
    await compile(8)
  ).run({ x: padded, w, mask: Float32Array.of(1, 1, 1, 1, 1, 0, 0, 0) });
  expect(result.outputs.loss[0]).toBeCloseTo(whole.outputs.loss[0], 6);
  result.gradients.w.forEach((g, i) => expect(g).toBeCloseTo(whole.gradients.w[i], 6));
});
