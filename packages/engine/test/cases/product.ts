import { describe } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { parity } from './parity.js';

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

describe('softmax and normalization', () => {
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
