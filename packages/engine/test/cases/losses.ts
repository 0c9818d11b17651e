import { describe } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';

import { parity, type CaseInput } from './parity.js';

type Tensors = Record<string, tf.Tensor>;

const unit = (x: tf.Tensor) => tf.div(x, tf.sqrt(tf.add(tf.sum(tf.square(x), -1, true), 1e-8)));

describe('losses', () => {
  const pair = { u: [6, 4], v: [6, 4] };
  const scores = (u: tf.Tensor, v: tf.Tensor) => tf.matMul(unit(u), unit(v), false, true);
  const loss = (
    name: string,
    inputs: Record<string, CaseInput>,
    fn: (p: Tensors) => tf.Tensor,
    wrt?: string[],
  ) => parity(name, { inputs, fn, wrt, tolerance: 1e-5 }, true);

  loss('InfoNCE through logSumExp', pair, ({ u, v }) => {
    const logits = tf.mul(scores(u, v), 10);
    return tf.mean(tf.sub(tf.logSumExp(logits, 1), tf.mul(tf.sum(tf.mul(unit(u), unit(v)), 1), 10)));
  });
  loss('InfoNCE through logSoftmax and a diagonal', pair, ({ u, v }) =>
    tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(tf.mul(scores(u, v), 10)), tf.eye(6)), 1))),
  );
  loss(
    'sampled softmax with log q and masked pairs',
    {
      ...pair,
      n: [5, 4],
      q: { shape: [11], low: -6, high: -2 },
      pairs: { shape: [3, 2], dtype: 'int32', values: [0, 7, 2, 3, 5, 10] },
    },
    ({ u, v, n, q, pairs }) => {
      const logits = tf.sub(tf.matMul(u, tf.concat([v, n], 0), false, true), q);
      const mask = tf.scatterND(pairs, tf.fill([3], -1e9), [6, 11]);
      return tf.mean(
        tf.sub(tf.logSumExp(tf.add(logits, mask), 1), tf.sub(tf.sum(tf.mul(u, v), 1), tf.slice(q, 0, 6))),
      );
    },
    ['u', 'v', 'n'],
  );
  loss(
    'softmax cross-entropy',
    { x: [4, 5], y: { shape: [4], dtype: 'int32', low: 0, high: 5 } },
    ({ x, y }) => tf.losses.softmaxCrossEntropy(tf.oneHot(y as tf.Tensor1D, 5), x),
  );
  loss('BPR', { p: [7], n: [7] }, ({ p, n }) => tf.mean(tf.softplus(tf.sub(n, p))));

  loss(
    'BCE with logits',
    { x: [9], y: { shape: [9], values: [1, 0, 1, 1, 0, 0, 1, 0, 1] } },
    ({ x, y }) => tf.losses.sigmoidCrossEntropy(y, x),
    ['x'],
  );
  loss(
    'log loss',
    { x: { shape: [4], low: 0.1, high: 0.9 }, y: { shape: [4], values: [1, 0, 1, 0] } },
    ({ x, y }) => tf.losses.logLoss(y, x),
    ['x'],
  );
  loss('MSE', { x: [9], y: [9] }, ({ x, y }) => tf.losses.meanSquaredError(y, x));
  loss(
    'weighted MSE',
    { x: [9], y: [9], w: { shape: [9], low: 0, high: 1 } },
    ({ x, y, w }) => tf.losses.meanSquaredError(y, x, w),
    ['x'],
  );
  loss('absolute difference', { x: [9], y: [9] }, ({ x, y }) => tf.losses.absoluteDifference(y, x));
  loss('Huber', { x: [9], y: [9] }, ({ x, y }) => tf.losses.huberLoss(y, x));
  loss(
    'hinge',
    { x: [4], y: { shape: [4], values: [1, 0, 1, 0] } },
    ({ x, y }) => tf.losses.hingeLoss(y, x),
    ['x'],
  );
  loss('margin ranking', { p: [7], n: [7] }, ({ p, n }) => tf.mean(tf.relu(tf.add(tf.sub(n, p), 0.5))));
  loss('cosine distance', { x: [3, 4], y: [3, 4] }, ({ x, y }) =>
    tf.losses.cosineDistance(unit(y), unit(x), 1),
  );
  loss('regularized', { x: [3, 4] }, ({ x }) =>
    tf.add(tf.mul(tf.sum(tf.square(x)), 1e-2), tf.mul(tf.sum(tf.abs(x)), 1e-3)),
  );
});
