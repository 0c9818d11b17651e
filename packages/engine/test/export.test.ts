import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, test } from '@jest/globals';
import { isTowerkitError, Rng, type TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';
import * as web from 'onnxruntime-web';

import {
  exportOnnx,
  loadOnnx,
  type ModelTensor,
  type TensorFunction,
  type TensorSpec,
} from '../src/index.js';
import { expectClose } from './cases/parity.js';

beforeAll(() => {
  web.env.wasm.numThreads = 1;
  web.env.logLevel = 'error';
});

const rng = new Rng(11);
const weights = (...shape: number[]): tf.Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.keep(
    tf.tensor(
      Float32Array.from({ length: size }, () => rng.normal() * 0.3),
      shape,
    ),
  );
};

/** Runs an export at several sizes in both runtimes and compares with the function itself on tfjs's cpu backend. */
async function check(
  fn: TensorFunction,
  inputs: Record<string, TensorSpec & { high?: number }>,
  sizes: Record<string, number>[] = [{ batch: 1 }, { batch: 7 }],
): Promise<void> {
  const bytes = exportOnnx(fn, { inputs });
  const model = await loadOnnx(bytes, { threads: 1 });
  const session = await web.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
  expect(new Set(model.inputs)).toEqual(new Set(Object.keys(inputs)));
  for (const size of sizes) {
    const feeds: Record<string, ModelTensor> = {};
    for (const [name, { shape, dtype, high = 5 }] of Object.entries(inputs)) {
      const dims = shape.map((dim) => (typeof dim === 'string' ? size[dim] : dim));
      const length = dims.reduce((a, b) => a * b, 1);
      const data =
        dtype === 'int32'
          ? Int32Array.from({ length }, () => rng.integer(high))
          : Float32Array.from({ length }, () => rng.normal());
      feeds[name] = { data, shape: dims };
    }
    const expected: Record<string, ModelTensor> = {};
    tf.tidy(() => {
      const tensors = Object.entries(feeds).map(([name, { data, shape }]) => [
        name,
        tf.tensor(data, [...shape], inputs[name].dtype),
      ]);
      for (const [name, tensor] of Object.entries(fn(Object.fromEntries(tensors), undefined as never)))
        expected[name] = { data: tensor.dataSync() as Float32Array, shape: tensor.shape };
    });
    const native = await model.run(feeds);
    const tensors = Object.entries(feeds).map(([name, { data, shape }]) => [
      name,
      new web.Tensor(data instanceof Int32Array ? 'int32' : 'float32', data as never, shape),
    ]);
    const inBrowser = await session.run(Object.fromEntries(tensors));
    expect(Object.keys(native)).toEqual(Object.keys(expected));
    for (const [name, { data, shape }] of Object.entries(expected)) {
      expect(native[name].shape).toEqual(shape);
      expect(inBrowser[name].dims).toEqual(shape);
      expectClose(native[name].data, data, 1e-5, `${name} native`);
      expectClose(inBrowser[name].data as Float32Array, data, 1e-5, `${name} web`);
    }
  }
  await model.dispose();
  await session.release();
}

const unit = (x: tf.Tensor) => tf.div(x, tf.sqrt(tf.add(tf.sum(tf.square(x), -1, true), 1e-8)));

describe('exported with a symbolic batch', () => {
  test('an MLP tower with features, gather and one-hot', async () => {
    const [table, w1, b1, w2] = [weights(9, 4), weights(12, 8), weights(8), weights(8, 4)];
    await check(
      ({ ids, kind, features }) => {
        const parts = [tf.gather(table, ids), tf.oneHot(kind as tf.Tensor1D, 5, 1, 0, 'float32'), features];
        return { vector: unit(tf.matMul(tf.relu(tf.add(tf.matMul(tf.concat(parts, 1), w1), b1)), w2)) };
      },
      {
        ids: { shape: ['batch'], dtype: 'int32', high: 9 },
        kind: { shape: ['batch'], dtype: 'int32', high: 5 },
        features: { shape: ['batch', 3] },
      },
    );
  });

  test('a masked GRU over histories', async () => {
    const [wx, wh, bx, bh] = [weights(4, 12), weights(4, 12), weights(12), weights(12)];
    const fn: TensorFunction = ({ history, mask }) => {
      const [batch, steps, size] = history.shape;
      const flat = tf.reshape(history, [batch * steps, size]);
      const projected = tf.reshape(tf.add(tf.matMul(flat, wx), bx), [batch, steps, 12]);
      let h: tf.Tensor = tf.zeros([batch, 4]);
      const masks = tf.split(mask, steps, 1);
      tf.unstack(projected, 1).forEach((step, t) => {
        const [xr, xz, xn] = tf.split(step, 3, 1);
        const [hr, hz, hn] = tf.split(tf.add(tf.matMul(h, wh), bh), 3, 1);
        const n = tf.tanh(tf.add(xn, tf.mul(tf.sigmoid(tf.add(xr, hr)), hn)));
        const next = tf.add(n, tf.mul(tf.sigmoid(tf.add(xz, hz)), tf.sub(h, n)));
        h = tf.add(h, tf.mul(masks[t], tf.sub(next, h)));
      });
      return { vector: unit(h), last: h };
    };
    await check(fn, { history: { shape: ['batch', 5, 4] }, mask: { shape: ['batch', 5] } });
  });

  test('causal attention with heads, layer norm and a mask', async () => {
    const [wq, wk, wv] = [weights(8, 8), weights(8, 8), weights(8, 8)];
    const fn: TensorFunction = ({ x, mask }) => {
      const [batch, steps, size] = x.shape as [number, number, number];
      const { mean, variance } = tf.moments(x, -1, true);
      const normal = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5)));
      const flat = tf.reshape(normal, [-1, size]);
      const heads = (w: tf.Tensor) =>
        tf.transpose(tf.reshape(tf.matMul(flat, w), [batch, steps, 2, size / 2]), [0, 2, 1, 3]);
      const scores = tf.matMul(heads(wq), heads(wk), false, true);
      const causal = tf.linalg.bandPart(tf.ones([steps, steps]), -1, 0);
      const allowed = tf.mul(causal, tf.reshape(mask, [batch, 1, 1, steps]));
      const weighted = tf.matMul(tf.softmax(tf.where(tf.greater(allowed, 0), scores, -1e9)), heads(wv));
      return { y: tf.reshape(tf.transpose(weighted, [0, 2, 1, 3]), [batch, steps, size]) };
    };
    await check(fn, { x: { shape: ['batch', 6, 8] }, mask: { shape: ['batch', 6] } });
  });

  test('sizes in fills, ranges, slices, tiles, pads and concatenations', async () => {
    await check(
      ({ x }) => {
        const [batch] = x.shape;
        return {
          twice: tf.concat([x, tf.mul(x, 2)], 0),
          ones: tf.add(tf.ones([batch, 3]), x),
          fill: tf.fill([batch, 2], 7),
          range: tf.range(0, batch),
          rest: tf.slice(tf.concat([x, x, x], 0), [batch, 0], [batch, -1]),
          tiled: tf.tile(tf.tensor1d([1, 2]), [batch]),
          padded: tf.pad(x, [
            [0, batch],
            [1, 0],
          ]),
          mean: tf.mean(x, 0),
          count: tf.add(tf.sum(tf.zeros([3])), batch),
          flipped: tf.reverse(x, 1),
          top: tf.topk(x, 2).values,
          place: tf.argMax(x, 1),
          sums: tf.cumsum(x, 1),
          logits: tf.matMul(x, x, false, true),
          positive: tf.cast(tf.greater(x, 0), 'int32'),
          segments: tf.unsortedSegmentSum(
            x,
            tf.cast(tf.clipByValue(tf.sum(x, 1), 0, 2), 'int32') as tf.Tensor1D,
            3,
          ),
        };
      },
      { x: { shape: ['batch', 3] } },
    );
  });

  test('two symbolic sizes and their product', async () => {
    const w = weights(4, 2);
    await check(
      ({ x, y }) => {
        const [batch, length] = x.shape;
        const flat = tf.matMul(tf.reshape(x, [batch * length, 4]), w);
        return {
          rows: tf.reshape(flat, [batch, length, 2]),
          flat,
          pooled: tf.mean(x, 1),
          scores: tf.matMul(tf.mean(x, 1), y, false, true),
        };
      },
      { x: { shape: ['batch', 'length', 4] }, y: { shape: ['items', 4] } },
      [
        { batch: 1, length: 3, items: 2 },
        { batch: 7, length: 1, items: 7 },
        { batch: 3, length: 3, items: 3 },
      ],
    );
  });

  test('names that look like generated ones, inputs that are not used', async () => {
    await check(({ _0, _1 }) => ({ _2: tf.exp(_0), _3: tf.matMul(_0, _1), same: _0 }), {
      _0: { shape: ['batch', 2] },
      _1: { shape: [2, 2] },
      _5: { shape: ['batch'] },
    });
  });
});

test('fixed sizes, a file and metadata', async () => {
  const bytes = exportOnnx(({ x }) => ({ y: tf.neg(x) }), {
    inputs: { x: { shape: [2] } },
    metadata: { tower: 'user' },
  });
  expect(Buffer.from(bytes).includes('tower')).toBe(true);
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-'));
  const file = join(folder, 'model.onnx');
  await writeFile(file, bytes);
  const model = await loadOnnx(file);
  const { y } = await model.run({ x: { data: Float32Array.of(1, 2), shape: [2] } });
  expect([...y.data]).toEqual([-1, -2]);
  for (const feeds of [
    {},
    { z: { data: Float32Array.of(1), shape: [1] } },
    { x: { data: Float32Array.of(1, 2), shape: [3] } },
    { x: { data: Float32Array.of(1, 2, 3), shape: [3] } },
    { x: { data: Int32Array.of(1, 2), shape: [2] } },
  ])
    await expect(model.run(feeds as never)).rejects.toMatchObject({ code: 'BAD_FEED' });
  await model.dispose();
  await expect(model.run({ x: { data: Float32Array.of(1, 2), shape: [2] } })).rejects.toMatchObject({
    code: 'DISPOSED',
  });
  await rm(folder, { recursive: true });
});

describe('what cannot be exported', () => {
  const refused = (
    fn: TensorFunction,
    inputs: Record<string, TensorSpec> = { x: { shape: ['batch', 3] } },
  ): TowerkitError => {
    try {
      exportOnnx(fn, { inputs });
    } catch (error) {
      if (isTowerkitError(error)) return error;
      throw error;
    }
    throw new Error('it was exported');
  };

  test('a computation that does not follow the batch names the operation', () => {
    const cases: [TensorFunction, string][] = [
      [({ x }) => ({ y: tf.addN(tf.unstack(x)) }), 'unstack'],
      [({ x }) => ({ y: tf.matMul(tf.eye(x.shape[0]), x as tf.Tensor2D) }), 'eye'],
      [({ x }) => ({ y: tf.div(x, Math.sqrt(x.shape[0])) }), 'div'],
      [({ x }) => ({ y: tf.reshape(tf.ones([x.shape[0] ** 2]), [-1]) }), 'Fill'],
      [({ x }) => ({ y: x.shape[0] > 150 ? tf.exp(x) : x }), 'exp'],
      [({ x }) => ({ y: tf.linspace(0, 1, x.shape[0]) }), 'LinSpace'],
    ];
    for (const [fn, operation] of cases) {
      const error = refused(fn);
      expect(error.code).toBe('BATCH_DEPENDENT');
      expect(error.message).toContain('batch');
      expect(error.message).toContain(operation);
    }
  });

  test('randomness, host reads, clashing names', () => {
    expect(refused(({ x }, random) => ({ y: tf.mul(x, random.uniform([3])) })).code).toBe('RANDOM_IN_EXPORT');
    expect(refused(({ x }) => ({ y: tf.dropout(x, 0.5) })).code).toBe('HOST_RANDOMNESS');
    expect(refused(({ x }) => ({ y: tf.tensor(x.dataSync()) })).code).toBe('HOST_READ');
    expect(refused(({ x }) => ({ x: tf.neg(x) })).code).toBe('BAD_SPEC');
    const four = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, { shape: [name] }]));
    expect(refused(({ a }) => ({ y: a }), four).code).toBe('BAD_SPEC');
  });
});
