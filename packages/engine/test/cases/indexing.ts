import { describe } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { parity, type CaseInput } from './parity.js';

const ids = (shape: readonly number[], count: number): CaseInput => ({
  shape,
  dtype: 'int32',
  low: 0,
  high: count,
});

describe('indexing', () => {
  for (const axis of [0, 1, -1])
    for (const shape of [[4], [2, 3], [], [1]])
      parity(
        `gather along ${axis} at [${shape}]`,
        {
          inputs: { x: [5, 6, 3], i: ids(shape, 3) },
          fn: ({ x, i }) => tf.gather(x, i, axis),
        },
        true,
      );
  parity('gather of one row many times', {
    inputs: { x: [4, 8], i: { shape: [100], dtype: 'int32', values: Array(100).fill(2) } },
    fn: ({ x, i }) => tf.gather(x, i),
    tolerance: 1e-5,
  });
  parity('gather with one batch axis', {
    inputs: { x: [3, 5, 2], i: ids([3, 4], 5) },
    fn: ({ x, i }) => tf.gather(x, i, 1, 1),
    wrt: [],
  });
  parity('gather with a batch axis and an axis between', {
    inputs: { x: [3, 2, 5, 2], i: ids([3, 4], 5) },
    fn: ({ x, i }) => tf.gather(x, i, 2, 1),
    wrt: [],
  });
  parity('gatherND', {
    inputs: { x: [4, 5, 2], i: ids([3, 2], 4) },
    fn: ({ x, i }) => [tf.gatherND(x, i), tf.gatherND(x, tf.slice(i, [0, 0], [3, 1]))],
    wrt: [],
  });
  parity('scatterND adds what meets', {
    inputs: {
      u: [4, 3],
      i: { shape: [4, 1], dtype: 'int32', values: [1, 4, 1, 0] },
      j: { shape: [4, 2], dtype: 'int32', values: [0, 1, 2, 0, 0, 1, 1, 1] },
    },
    fn: ({ u, i, j }) => [tf.scatterND(i, u, [6, 3]), tf.scatterND(j, tf.sum(u, 1), [3, 2])],
    wrt: [],
  });
  parity('scatters that are added to something', {
    inputs: {
      x: [3, 4],
      t: [5, 2],
      i: { shape: [6], dtype: 'int32', values: [0, 3, 3, 1, 3, 4] },
      j: { shape: [3, 2], dtype: 'int32', values: [0, 1, 2, 0, 0, 1] },
    },
    fn: ({ x, t, i, j }) => {
      const mask = tf.scatterND(j, tf.fill([3], -2), [3, 4]);
      const rows = tf.gather(t, i);
      return [tf.add(tf.exp(x), mask), tf.add(mask, x), x, tf.add(rows, tf.gather(t, tf.reverse(i, 0)))];
    },
  });
  parity('a row subtracted from a product', {
    inputs: { a: [4, 5], b: [5, 3], c: [3], d: [4, 1], e: [4, 3] },
    fn: ({ a, b, c, d, e }) => [
      tf.sub(tf.matMul(a, b), c),
      tf.sub(tf.matMul(a, b), d),
      tf.sub(tf.matMul(a, b), e),
      tf.sub(c, tf.matMul(a, b)),
      tf.sub(tf.matMul(a, b), 2),
    ],
    tolerance: 4e-6,
  });
  parity('factors before, in and after a product', {
    inputs: { a: [4, 5], b: [5, 3], c: [3] },
    fn: ({ a, b, c }) => [
      tf.add(tf.mul(tf.matMul(tf.neg(tf.mul(a, 3)), tf.div(b, 2)), -0.7), c),
      tf.mean(tf.square(tf.matMul(tf.mul(a, 0.1), b, false, false))),
    ],
    tolerance: 4e-6,
  });
  parity('tensorScatterUpdate', {
    inputs: {
      x: [5, 3],
      u: [2, 3],
      i: { shape: [2, 1], dtype: 'int32', values: [3, 0] },
      j: { shape: [2, 2], dtype: 'int32', values: [1, 2, 4, 0] },
    },
    fn: ({ x, u, i, j }) => [tf.tensorScatterUpdate(x, i, u), tf.tensorScatterUpdate(x, j, tf.sum(u, 1))],
    wrt: [],
  });
  parity('unsortedSegmentSum drops ids outside', {
    inputs: { x: [6, 2], s: { shape: [6], dtype: 'int32', values: [0, 2, -1, 2, 5, 1] } },
    fn: ({ x, s }) => tf.unsortedSegmentSum(x, s as tf.Tensor1D, 3),
    wrt: [],
  });
  parity(
    'unsortedSegmentSum',
    {
      inputs: { x: [6, 2], s: { shape: [6], dtype: 'int32', values: [0, 2, 2, 2, 0, 3] } },
      fn: ({ x, s }) => tf.unsortedSegmentSum(x, s as tf.Tensor1D, 4),
    },
    true,
  );
});
