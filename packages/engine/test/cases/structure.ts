import { describe } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';

import { parity, type CaseInput } from './parity.js';

const ids = (shape: readonly number[], count: number): CaseInput => ({
  shape,
  dtype: 'int32',
  low: 0,
  high: count,
});

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

describe('matrix products', () => {
  for (const tA of [false, true])
    for (const tB of [false, true]) {
      const flip = (shape: number[], flag: boolean) =>
        flag ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape;
      for (const batch of [[], [1], [3], [2, 3], [1, 1]])
        parity(`matMul [${batch}] ${tA} ${tB}`, {
          inputs: { a: flip([...batch, 4, 5], tA), b: flip([...batch, 5, 2], tB) },
          fn: ({ a, b }) => tf.matMul(a, b, tA, tB),
          tolerance: 4e-6,
        });
      parity(`fused matMul ${tA} ${tB}`, {
        inputs: { a: flip([4, 5], tA), b: flip([5, 2], tB), bias: [2] },
        fn: ({ a, b, bias }) => [
          tf.fused.matMul({ a, b, transposeA: tA, transposeB: tB, bias, activation: 'relu' }),
          tf.fused.matMul({ a, b, transposeA: tA, transposeB: tB, bias }),
        ],
        tolerance: 4e-6,
      });
    }
  for (const activation of ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const)
    parity(`fused ${activation}, no gradient`, {
      inputs: { a: [4, 5], b: [5, 2], bias: [2] },
      fn: ({ a, b, bias }) => tf.fused.matMul({ a, b, bias, activation }),
      wrt: [],
      tolerance: 4e-6,
    });
  parity('one right matrix for a stack', {
    inputs: { a: [3, 4, 5], b: [1, 5, 2], c: [5, 2] },
    fn: ({ a, b, c }) => [tf.matMul(a, b), tf.matMul(a, c)],
    wrt: [],
    tolerance: 4e-6,
  });
  parity('one right matrix for a stack that is transposed', {
    inputs: { a: [3, 5, 4], b: [1, 5, 2], c: [1, 2, 5] },
    fn: ({ a, b, c }) => [tf.matMul(a, b, true), tf.matMul(a, c, true, true)],
    wrt: [],
    tolerance: 4e-6,
  });
  parity('one left matrix for a stack', {
    inputs: { a: [1, 4, 5], b: [3, 5, 2] },
    fn: ({ a, b }) => tf.matMul(a, b),
    wrt: [],
    tolerance: 4e-6,
  });
  parity('matMul with explicit transposes', {
    inputs: { a: [5, 4], b: [2, 5] },
    fn: ({ a, b }) => tf.matMul(tf.transpose(a), tf.transpose(b)),
    tolerance: 4e-6,
  });
  parity('dot', {
    inputs: { a: [4], b: [4], m: [4, 3], n: [2, 4] },
    fn: ({ a, b, m, n }) => [
      tf.dot(a, b),
      tf.dot(a, m),
      tf.dot(n, a),
      tf.outerProduct(a as tf.Tensor1D, b as tf.Tensor1D),
    ],
    tolerance: 4e-6,
  });
  parity('einsum', {
    inputs: { a: [3, 4, 5], b: [3, 5, 2], c: [4] },
    fn: ({ a, b, c }) => [
      tf.einsum('bij,bjk->bik', a, b),
      tf.einsum('bij -> j', a),
      tf.einsum('bij,i->bj', a, c),
    ],
    wrt: [],
    tolerance: 4e-6,
  });
});

describe('softmax and normalisation', () => {
  for (const shape of [[4, 7], [2, 3, 5], [6], [3, 1]]) {
    parity(`softmax [${shape}]`, { inputs: { x: shape }, fn: ({ x }) => tf.softmax(x) });
    parity(`logSoftmax [${shape}]`, { inputs: { x: shape }, fn: ({ x }) => tf.logSoftmax(x) });
  }
  parity('softmax under a mask', {
    inputs: { x: [3, 6], m: { shape: [3, 6], low: 0, high: 1 } },
    fn: ({ x, m }) => tf.softmax(tf.where(tf.greater(m, 0.4), x, -1e9)),
    wrt: ['x'],
  });
  for (const shape of [
    [8, 5],
    [2, 3, 5],
    [2, 3, 2, 5],
  ])
    parity(`batchNorm [${shape}]`, {
      inputs: { x: shape, mean: [5], variance: { shape: [5], low: 0.5, high: 2 }, offset: [5], scale: [5] },
      fn: ({ x, mean, variance, offset, scale }) => [
        tf.batchNorm(
          x,
          mean as tf.Tensor1D,
          variance as tf.Tensor1D,
          offset as tf.Tensor1D,
          scale as tf.Tensor1D,
        ),
      ],
      // tfjs's own gradient handles four axes only
      wrt: shape.length === 4 ? undefined : [],
      tolerance: 1e-5,
    });
  parity('batchNorm without scale and offset', {
    inputs: { x: [8, 5], mean: [5], variance: { shape: [5], low: 0.5, high: 2 } },
    fn: ({ x, mean, variance }) => tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D),
    wrt: [],
  });
});
