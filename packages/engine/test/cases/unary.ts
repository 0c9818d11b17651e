import { describe } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';

import { float, parity, whole } from './parity.js';

describe('functions of one tensor', () => {
  const UNARY: Record<
    string,
    { fn: (x: tf.Tensor) => tf.Tensor; range?: [number, number]; tolerance?: number }
  > = {
    abs: { fn: tf.abs },
    neg: { fn: tf.neg },
    sign: { fn: tf.sign },
    ceil: { fn: tf.ceil },
    floor: { fn: tf.floor },
    round: { fn: tf.round },
    square: { fn: tf.square },
    exp: { fn: tf.exp },
    expm1: { fn: tf.expm1 },
    log: { fn: tf.log, range: [0.1, 3] },
    log1p: { fn: tf.log1p, range: [-0.9, 3] },
    sqrt: { fn: tf.sqrt, range: [0.1, 3] },
    rsqrt: { fn: tf.rsqrt, range: [0.1, 3] },
    reciprocal: { fn: tf.reciprocal, range: [0.3, 3] },
    sin: { fn: tf.sin },
    cos: { fn: tf.cos },
    tan: { fn: tf.tan, range: [-1, 1] },
    asin: { fn: tf.asin, range: [-0.9, 0.9] },
    acos: { fn: tf.acos, range: [-0.9, 0.9] },
    atan: { fn: tf.atan },
    sinh: { fn: tf.sinh },
    cosh: { fn: tf.cosh },
    asinh: { fn: tf.asinh },
    acosh: { fn: tf.acosh, range: [1.2, 4] },
    atanh: { fn: tf.atanh, range: [-0.9, 0.9] },
    erf: { fn: tf.erf },
    relu: { fn: tf.relu },
    relu6: { fn: (x) => tf.relu6(tf.mul(x, 5)) },
    leakyRelu: { fn: (x) => tf.leakyRelu(x, 0.1) },
    elu: { fn: tf.elu },
    selu: { fn: tf.selu },
    sigmoid: { fn: tf.sigmoid },
    tanh: { fn: tf.tanh },
    softplus: { fn: tf.softplus },
    logSigmoid: { fn: tf.logSigmoid },
    step: { fn: (x) => tf.step(x, 0.25) },
    zerosLike: { fn: (x) => tf.add(tf.zerosLike(x), x) },
    onesLike: { fn: (x) => tf.mul(tf.onesLike(x), x) },
    gelu: { fn: (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1)) },
  };
  for (const [name, { fn, range, tolerance = 2e-6 }] of Object.entries(UNARY))
    for (const shape of [[4, 9], [], [1], [2, 1, 3], [0, 3]])
      parity(`${name} [${shape}]`, {
        inputs: { x: range ? float(shape, ...range) : shape },
        fn: ({ x }) => fn(x),
        tolerance,
      });
  for (const [a, b] of [
    [[3, 4], [4]],
    [
      [2, 3, 4],
      [3, 4],
    ],
    [[3], [3]],
  ] as const)
    parity(`prelu [${a}] [${b}]`, { inputs: { x: a, alpha: b }, fn: ({ x, alpha }) => tf.prelu(x, alpha) });
  parity('integers', {
    inputs: { x: whole([9]) },
    fn: ({ x }) => [tf.abs(x), tf.neg(x), tf.sign(x), tf.square(x), tf.relu(x)],
    wrt: [],
  });
  parity('extremes', {
    inputs: { x: { shape: [8], values: [-100, -30, -1e-6, 0, 1e-6, 30, 80, 100] } },
    fn: ({ x }) => [
      tf.softplus(x),
      tf.sigmoid(x),
      tf.tanh(x),
      tf.logSigmoid(x),
      tf.elu(x),
      tf.selu(x),
      tf.erf(x),
    ],
    tolerance: 1e-6,
  });
  parity('small numbers keep their digits', {
    inputs: { x: { shape: [5], values: [-1e-4, -1e-7, 0, 1e-7, 1e-4] } },
    fn: ({ x }) => [tf.log1p(x), tf.expm1(x), tf.log1p(tf.mul(x, 1e-3))],
  });
  parity('log1p at its limits', {
    inputs: { x: { shape: [3], values: [-1, Infinity, 1e30] } },
    fn: ({ x }) => tf.log1p(x),
    wrt: [],
  });
});
