import { describe } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';

import { parity, type CaseInput } from './parity.js';

type Tensors = Record<string, tf.Tensor>;

const small = (shape: readonly number[]): CaseInput => ({ shape, low: -0.4, high: 0.4 });
const dense = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) => tf.add(tf.matMul(x, w), b);
const unit = (x: tf.Tensor) => tf.div(x, tf.sqrt(tf.add(tf.sum(tf.square(x), -1, true), 1e-8)));
const gelu = (x: tf.Tensor) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1));

function layerNorm(x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor): tf.Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))), scale), shift);
}

/** A GRU over [batch, steps, size], with a mask [batch, steps] under which the state stays. */
function gru(x: tf.Tensor, mask: tf.Tensor, p: Tensors): tf.Tensor {
  const [batch, steps, size] = x.shape;
  const projected = tf.reshape(dense(tf.reshape(x, [batch * steps, size]), p.wx, p.bx), [batch, steps, -1]);
  let h: tf.Tensor = tf.zeros([batch, p.wh.shape[0]]);
  const masks = tf.split(mask, steps, 1);
  tf.unstack(projected, 1).forEach((step, t) => {
    const [xr, xz, xn] = tf.split(step, 3, 1);
    const [hr, hz, hn] = tf.split(dense(h, p.wh, p.bh), 3, 1);
    const r = tf.sigmoid(tf.add(xr, hr));
    const z = tf.sigmoid(tf.add(xz, hz));
    const n = tf.tanh(tf.add(xn, tf.mul(r, hn)));
    const next = tf.add(n, tf.mul(z, tf.sub(h, n)));
    h = tf.add(h, tf.mul(masks[t], tf.sub(next, h)));
  });
  return h;
}

function lstm(x: tf.Tensor, p: Tensors): tf.Tensor {
  let h: tf.Tensor = tf.zeros([x.shape[0], p.wh.shape[0]]);
  let c: tf.Tensor = tf.zerosLike(h);
  for (const step of tf.unstack(x, 1)) {
    const gates = tf.add(dense(step, p.wx, p.bx), tf.matMul(h, p.wh));
    const [i, f, g, o] = tf.split(gates, 4, 1);
    c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    h = tf.mul(tf.sigmoid(o), tf.tanh(c));
  }
  return h;
}

/** Causal self-attention with several heads over [batch, steps, size]. */
function attention(x: tf.Tensor, p: Tensors, heads: number): tf.Tensor {
  const [batch, steps, size] = x.shape as [number, number, number];
  const flat = tf.reshape(x, [batch * steps, size]);
  const headsOf = (w: tf.Tensor) =>
    tf.transpose(tf.reshape(tf.matMul(flat, w), [batch, steps, heads, size / heads]), [0, 2, 1, 3]);
  const [q, k, v] = [headsOf(p.wq), headsOf(p.wk), headsOf(p.wv)];
  const scores = tf.div(tf.matMul(q, k, false, true), Math.sqrt(size / heads));
  const causal = tf.linalg.bandPart(tf.ones([steps, steps]), -1, 0);
  const weights = tf.softmax(tf.add(scores, tf.mul(tf.sub(1, causal), -1e9)));
  const mixed = tf.reshape(tf.transpose(tf.matMul(weights, v), [0, 2, 1, 3]), [batch * steps, size]);
  return tf.reshape(tf.matMul(mixed, p.wo), [batch, steps, size]);
}

describe('towers', () => {
  parity(
    'MLP with layer norm and gelu',
    {
      inputs: {
        x: [6, 5],
        w1: small([5, 8]),
        b1: small([8]),
        s: [8],
        t: [8],
        w2: small([8, 4]),
        b2: small([4]),
      },
      fn: (p) => unit(dense(gelu(layerNorm(dense(p.x, p.w1, p.b1), p.s, p.t)), p.w2, p.b2)),
      tolerance: 1e-5,
    },
    true,
  );
  parity(
    'gated (highway, SwiGLU, feature gates)',
    {
      inputs: { x: [6, 8], w1: small([8, 8]), b1: small([8]), w2: small([8, 8]), b2: small([8]) },
      fn: (p) => {
        const gate = tf.sigmoid(dense(p.x, p.w1, p.b1));
        const highway = tf.add(tf.mul(gate, tf.relu(dense(p.x, p.w2, p.b2))), tf.mul(tf.sub(1, gate), p.x));
        const up = dense(p.x, p.w2, p.b2);
        return [highway, tf.mul(tf.mul(up, tf.sigmoid(up)), dense(p.x, p.w1, p.b1))];
      },
      tolerance: 1e-5,
    },
    true,
  );
  parity(
    'GRU over gathered, masked histories',
    {
      inputs: {
        table: [7, 4],
        ids: { shape: [3, 5], dtype: 'int32', low: 0, high: 7 },
        mask: { shape: [3, 5], values: [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1] },
        wx: small([4, 12]),
        bx: small([12]),
        wh: small([4, 12]),
        bh: small([12]),
      },
      fn: (p) => {
        const rows = tf.gather(p.table, p.ids);
        const mean = tf.div(tf.sum(tf.mul(rows, tf.expandDims(p.mask, -1)), 1), tf.sum(p.mask, 1, true));
        return unit(tf.add(gru(rows, p.mask, p), mean));
      },
      wrt: ['table', 'wx', 'bx', 'wh', 'bh'],
      tolerance: 1e-5,
    },
    true,
  );
  parity(
    'LSTM',
    {
      inputs: { x: [3, 4, 5], wx: small([5, 16]), bx: small([16]), wh: small([4, 16]) },
      fn: (p) => lstm(p.x, p),
      tolerance: 1e-5,
    },
    true,
  );
  parity(
    'causal attention block',
    {
      inputs: {
        x: [2, 5, 8],
        wq: small([8, 8]),
        wk: small([8, 8]),
        wv: small([8, 8]),
        wo: small([8, 8]),
        s: [8],
        t: [8],
        w1: small([8, 16]),
        b1: small([16]),
        w2: small([16, 8]),
        b2: small([8]),
      },
      fn: (p) => {
        const h = tf.add(p.x, attention(layerNorm(p.x, p.s, p.t), p, 2));
        const flat = tf.reshape(layerNorm(h, p.s, p.t), [10, 8]);
        return tf.add(h, tf.reshape(dense(gelu(dense(flat, p.w1, p.b1)), p.w2, p.b2), [2, 5, 8]));
      },
      tolerance: 2e-5,
    },
    true,
  );
  parity(
    'batch norm from batch statistics',
    {
      inputs: { x: [9, 4], scale: [4], offset: [4] },
      fn: ({ x, scale, offset }) => {
        const { mean, variance } = tf.moments(x, 0);
        return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-3))), scale), offset);
      },
      tolerance: 1e-5,
    },
    true,
  );
  parity(
    'attention pooling with a learned query',
    {
      inputs: { x: [3, 6, 4], q: [4], mask: { shape: [3, 6], low: 0, high: 1 } },
      fn: ({ x, q, mask }) => {
        const scores = tf.squeeze(tf.matMul(tf.reshape(x, [18, 4]), tf.reshape(q, [4, 1])), [1]);
        const weights = tf.softmax(tf.where(tf.greater(mask, 0.3), tf.reshape(scores, [3, 6]), -1e9));
        return tf.sum(tf.mul(x, tf.expandDims(weights, -1)), 1);
      },
      wrt: ['x', 'q'],
      tolerance: 1e-5,
    },
    true,
  );
});
