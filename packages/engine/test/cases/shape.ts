import { describe } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { parity, type CaseInput } from './parity.js';

const ids = (shape: readonly number[], count: number): CaseInput => ({
  shape,
  dtype: 'int32',
  low: 0,
  high: count,
});

describe('shapes', () => {
  const x234 = { x: [2, 3, 4] };
  parity('reshape', {
    inputs: x234,
    fn: ({ x }) => [
      tf.reshape(x, [6, 4]),
      tf.reshape(x, [-1]),
      tf.reshape(x, [2, -1, 2]),
      tf.reshape(x, [2, 3, 4]),
    ],
  });
  parity('reshape of a scalar', {
    inputs: { x: [] },
    fn: ({ x }) => [tf.reshape(x, [1, 1]), tf.reshape(tf.reshape(x, [1]), [])],
  });
  parity('expandDims and squeeze', {
    inputs: x234,
    fn: ({ x }) => [
      tf.expandDims(x),
      tf.expandDims(x, -1),
      tf.expandDims(x, 2),
      tf.squeeze(tf.expandDims(x, 1)),
    ],
  });
  parity('transpose', {
    inputs: x234,
    fn: ({ x }) => [
      tf.transpose(x),
      tf.transpose(x, [1, 0, 2]),
      tf.transpose(x, [0, 1, 2]),
      tf.transpose(tf.transpose(x, [2, 0, 1]), [1, 2, 0]),
    ],
  });
  parity('concat', {
    inputs: { a: [2, 3], b: [2, 1], c: [2, 0] },
    fn: ({ a, b, c }) => [
      tf.concat([a, b], 1),
      tf.concat([a, b, c], -1),
      tf.concat([a, a], 0),
      tf.concat([a]),
    ],
  });
  parity('split', {
    inputs: { x: [6, 4] },
    fn: ({ x }) => [...tf.split(x, 3), ...tf.split(x, [1, 3], 1), ...tf.split(x, 2, -1)],
  });
  parity('one part of a split', { inputs: { x: [6, 4] }, fn: ({ x }) => tf.split(x, 3)[1] });
  parity('stack and unstack', {
    inputs: { a: [2, 3], b: [2, 3] },
    fn: ({ a, b }) => [
      tf.stack([a, b]),
      tf.stack([a, b], 1),
      tf.stack([a, b], -1),
      tf.stack([a]),
      ...tf.unstack(a),
      ...tf.unstack(b, 1),
    ],
  });
  parity('slice', {
    inputs: x234,
    fn: ({ x }) => [
      tf.slice(x, [0, 1, 2]),
      tf.slice(x, [1], [1]),
      tf.slice(x, [0, 0, 1], [-1, 2, 2]),
      tf.slice(x, [0, 0, 0], [2, 3, 4]),
      tf.slice(x, [0, 1, 0], [2, 0, 4]),
    ],
  });
  parity('stridedSlice', {
    inputs: { x: [5, 6] },
    fn: ({ x }) => [
      tf.stridedSlice(x, [0, 1], [5, 6], [2, 2]),
      tf.stridedSlice(x, [4, 5], [0, 0], [-2, -1]),
      tf.stridedSlice(x, [4, 0], [-6, 6], [-1, 1]),
      tf.stridedSlice(x, [1, 0], [2, 6], [1, 1], 0, 0, 0, 0, 1),
      tf.stridedSlice(x, [1, 1], [3, 3], [1, 1], 1, 2),
    ],
    wrt: [],
  });
  parity('pad', {
    inputs: { x: [2, 3] },
    fn: ({ x }) => [
      tf.pad(x, [
        [1, 0],
        [0, 2],
      ]),
      tf.pad(
        x,
        [
          [0, 0],
          [1, 1],
        ],
        7,
      ),
    ],
  });
  parity('pad ints and booleans', {
    inputs: { x: ids([2, 3], 5) },
    fn: ({ x }) => [
      tf.pad(
        x,
        [
          [1, 0],
          [0, 2],
        ],
        3,
      ),
      tf.pad(tf.cast(x, 'bool'), [
        [1, 0],
        [0, 1],
      ]),
    ],
    wrt: [],
  });
  parity('reverse', {
    inputs: x234,
    fn: ({ x }) => [tf.reverse(x, 0), tf.reverse(x, [-1, 1]), tf.reverse(x)],
  });
  parity('tile', {
    inputs: { x: [2, 3] },
    fn: ({ x }) => [tf.tile(x, [2, 1]), tf.tile(x, [1, 3]), tf.tile(x, [2, 2])],
  });
  parity('broadcastTo', {
    inputs: { x: [3, 1], y: [4] },
    fn: ({ x, y }) => [tf.broadcastTo(x, [3, 4]), tf.broadcastTo(tf.reshape(y, [1, 4]), [2, 4])],
  });
  parity('identity', { inputs: { x: [3] }, fn: ({ x }) => [tf.clone(x), tf.add(tf.clone(x), x)] });
  parity('outputs that are inputs, constants and each other', {
    inputs: { x: [3] },
    fn: ({ x }) => {
      const y = tf.exp(x);
      return [x, y, y, tf.tensor([1, 2, 3]), tf.fill([2, 200], 5), tf.ones([3])];
    },
  });
});

describe('creation', () => {
  parity('fill, range, linspace, zeros, ones, eye', {
    inputs: { x: [3] },
    fn: ({ x }) => [
      tf.add(x, tf.fill([2, 3], 4)),
      tf.add(x, tf.range(0, 3)),
      tf.add(x, tf.range(3, 0)),
      tf.add(x, tf.range(0, 1.5, 0.5)),
      tf.add(x, tf.linspace(0, 1, 3)),
      tf.matMul(tf.reshape(x, [1, 3]), tf.eye(3) as tf.Tensor2D),
      tf.add(tf.zeros([3]), tf.mul(x, tf.ones([3]))),
    ],
  });
  parity('oneHot', {
    inputs: { i: { shape: [2, 3], dtype: 'int32', values: [0, 1, 2, 3, -1, 4] } },
    fn: ({ i }) => [tf.oneHot(i as tf.Tensor1D, 4), tf.oneHot(i as tf.Tensor1D, 5, 0.75, 0.25, 'float32')],
    wrt: [],
  });
});
