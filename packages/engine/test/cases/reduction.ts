import { describe } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { parity } from './parity.js';

describe('reductions', () => {
  const AXES: [readonly number[], number | number[] | undefined][] = [
    [[3, 4], undefined],
    [[3, 4], 0],
    [[3, 4], -1],
    [[2, 3, 4], 1],
    [
      [2, 3, 4],
      [0, 2],
    ],
    [
      [2, 3, 4],
      [-1, 0],
    ],
    [[2, 1, 4], 1],
    [[5], 0],
    [[], undefined],
    [[3, 4], []],
  ];
  const REDUCTIONS = {
    sum: tf.sum,
    mean: tf.mean,
    max: tf.max,
    min: tf.min,
    prod: tf.prod,
    logSumExp: tf.logSumExp,
  };
  for (const [name, reduce] of Object.entries(REDUCTIONS))
    for (const [shape, axis] of AXES) {
      if (name === 'logSumExp' && Array.isArray(axis) && axis.length === 0) continue;
      // tfjs's gradient of prod knows non-negative axes given as a list only, and at least one
      const differentiable =
        name !== 'prod' ||
        (Array.isArray(axis)
          ? axis.length > 0 && axis.every((a) => a >= 0)
          : axis !== -1 && shape.length > 0);
      for (const keepDims of [false, true])
        parity(`${name} [${shape}] over ${axis}${keepDims ? ' kept' : ''}`, {
          inputs: { x: shape },
          fn: ({ x }) => reduce(x, axis, keepDims),
          wrt: differentiable ? ['x'] : [],
          tolerance: 4e-6,
        });
    }
  parity('sums over an empty axis', { inputs: { x: [2, 0, 3] }, fn: ({ x }) => [tf.sum(x, 1), tf.sum(x)] });
  parity('ties share the gradient of max as tfjs shares it', {
    inputs: { x: { shape: [2, 3], values: [1, 3, 3, 2, 2, 2] } },
    fn: ({ x }) => [tf.max(x, 1), tf.min(x, 0)],
  });
  parity('all, any, argMax, argMin', {
    inputs: { x: [4, 5] },
    fn: ({ x }) => {
      const positive = tf.greater(x, 0);
      return [
        tf.all(positive, 0),
        tf.any(positive, 1),
        tf.any(positive),
        tf.all(positive),
        tf.argMax(x, 1),
        tf.argMax(x, 0),
        tf.argMin(x, -1),
      ];
    },
    wrt: [],
  });
  parity('arg of ties', {
    inputs: { x: { shape: [4], values: [1, 2, 2, 1] } },
    fn: ({ x }) => [tf.argMax(x), tf.argMin(x)],
    wrt: [],
  });
  parity('integers and booleans', {
    inputs: { x: { shape: [3, 4], dtype: 'int32', low: -4, high: 5 } },
    fn: ({ x }) => {
      const positive = tf.greater(x, 0);
      return [
        tf.sum(x, 0),
        tf.max(x, 1),
        tf.min(x),
        tf.prod(x, 1),
        tf.mean(x, 0),
        tf.sum(positive, 1),
        tf.cumsum(x, 1),
      ];
    },
    wrt: [],
  });
  for (const exclusive of [false, true])
    for (const reverse of [false, true]) {
      parity(`cumsum ${exclusive} ${reverse}`, {
        inputs: { x: [3, 5] },
        fn: ({ x }) => tf.cumsum(x, 1, exclusive, reverse),
      });
      parity(`cumprod ${exclusive} ${reverse}`, {
        inputs: { x: [3, 5] },
        fn: ({ x }) => [tf.cumprod(x, 1, exclusive, reverse), tf.cumprod(x, 0, exclusive, reverse)],
        wrt: [],
      });
    }
  parity('topk', {
    inputs: { x: [3, 9] },
    fn: ({ x }) => {
      const { values, indices } = tf.topk(x, 4);
      return [values, indices];
    },
    wrt: [],
  });
  parity('moments, norm', {
    inputs: { x: [4, 6] },
    fn: ({ x }) => {
      const { mean, variance } = tf.moments(x, 1);
      return [mean, variance, tf.norm(x, 2, 1), tf.norm(x, 1, 0), tf.norm(x)];
    },
    tolerance: 4e-6,
  });
});
