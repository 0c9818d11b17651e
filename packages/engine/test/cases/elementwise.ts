import { describe } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';

import { parity, type CaseInput } from './parity.js';

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const SHAPES: [readonly number[], readonly number[]][] = [
  [
    [3, 4],
    [3, 4],
  ],
  [[3, 4], [4]],
  [
    [3, 1],
    [1, 4],
  ],
  [[], [2, 3]],
  [[2, 3, 4], []],
  [
    [2, 1, 4],
    [3, 1],
  ],
  [[1], [1]],
  [[], []],
];

const float = (shape: readonly number[], low: number, high: number): CaseInput => ({ shape, low, high });
const whole = (shape: readonly number[], low = -5, high = 6): CaseInput => ({
  shape,
  low,
  high,
  dtype: 'int32',
});

describe('binary arithmetic', () => {
  const everywhere: Record<string, Binary> = { add: tf.add, sub: tf.sub, mul: tf.mul };
  for (const [name, fn] of Object.entries(everywhere))
    for (const [a, b] of SHAPES)
      parity(`${name} [${a}] [${b}]`, { inputs: { a, b }, fn: (x) => fn(x.a, x.b) });
  for (const [a, b] of SHAPES) {
    parity(`div [${a}] [${b}]`, { inputs: { a, b: float(b, 0.5, 2) }, fn: (x) => tf.div(x.a, x.b) });
    parity(`pow [${a}] [${b}]`, {
      inputs: { a: float(a, 0.2, 2), b: float(b, -2, 2) },
      fn: (x) => tf.pow(x.a, x.b),
      tolerance: 1e-5,
    });
    // one side of the fence in every entry: the remainder jumps
    parity(`mod [${a}] [${b}]`, {
      inputs: { a, b: float(b, 3, 5) },
      fn: (x) => tf.mod(x.a, x.b),
      tolerance: 1e-5,
    });
    parity(`floorDiv [${a}] [${b}]`, {
      inputs: { a, b: float(b, 3, 5) },
      fn: (x) => tf.floorDiv(x.a, x.b),
      wrt: [],
    });
    // tfjs's gradients of these do not sum over broadcast axes
    const wrt = a.join() === b.join() ? ['a', 'b'] : [];
    parity(`maximum [${a}] [${b}]`, { inputs: { a, b }, fn: (x) => tf.maximum(x.a, x.b), wrt });
    parity(`minimum [${a}] [${b}]`, { inputs: { a, b }, fn: (x) => tf.minimum(x.a, x.b), wrt });
    parity(`squaredDifference [${a}] [${b}]`, {
      inputs: { a, b },
      fn: (x) => tf.squaredDifference(x.a, x.b),
      wrt,
    });
  }
  for (const exponent of [0, 0.5, 1, 1.5, 2, 3, -1, -0.5])
    parity(`pow by ${exponent}`, {
      inputs: { a: float([7], 0.2, 2) },
      fn: (x) => tf.pow(x.a, exponent),
      tolerance: 5e-6,
    });
  parity('pow by an int32 scalar', { inputs: { a: [5] }, fn: (x) => tf.pow(x.a, tf.scalar(2, 'int32')) });
  parity('addN', { inputs: { a: [3], b: [3], c: [3] }, fn: (x) => tf.addN([x.a, x.b, x.c, x.a]) });
  parity('a value used twice', { inputs: { a: [3] }, fn: (x) => tf.mul(x.a, tf.add(x.a, x.a)) });

  const ints = { a: whole([40], -20, 21), b: whole([40]) };
  parity('int32 arithmetic', {
    inputs: ints,
    fn: ({ a, b }) => [
      tf.add(a, b),
      tf.sub(a, b),
      tf.mul(a, b),
      tf.maximum(a, b),
      tf.minimum(a, b),
      tf.addN([a, b, a]),
    ],
    wrt: [],
  });
  parity('int32 floorDiv and mod, zero divisors included', {
    inputs: ints,
    fn: ({ a, b }) => [tf.floorDiv(a, b), tf.mod(a, tf.maximum(b, tf.scalar(1, 'int32')))],
    wrt: [],
  });
  parity('int32 with float32', {
    inputs: { a: [4], b: whole([4]) },
    fn: ({ a, b }) => [tf.add(a, b), tf.mul(b, a)],
  });
});

describe('comparison and logic', () => {
  const comparisons: Record<string, Binary> = {
    equal: tf.equal,
    notEqual: tf.notEqual,
    greater: tf.greater,
    greaterEqual: tf.greaterEqual,
    less: tf.less,
    lessEqual: tf.lessEqual,
  };
  for (const [name, fn] of Object.entries(comparisons)) {
    for (const [a, b] of SHAPES)
      parity(`${name} [${a}] [${b}]`, {
        inputs: { a: whole(a, -1, 2), b: whole(b, -1, 2) },
        fn: (x) => fn(x.a, x.b),
        wrt: [],
      });
    parity(`${name} of floats and booleans`, {
      inputs: { a: [6], b: [6] },
      fn: ({ a, b }) => [fn(a, b), fn(tf.cast(tf.greater(a, 0), 'bool'), tf.cast(tf.greater(b, 0), 'bool'))],
      wrt: [],
    });
  }
  parity('and, or, xor, not', {
    inputs: { a: [3, 8], b: [8] },
    fn: (x) => {
      const [a, b] = [tf.greater(x.a, 0), tf.greater(x.b, 0)];
      return [
        tf.logicalAnd(a, b),
        tf.logicalOr(a, b),
        tf.logicalXor(a, tf.tile(tf.expandDims(b), [3, 1])),
        tf.logicalNot(a),
      ];
    },
    wrt: [],
  });
  for (const [a, b] of SHAPES)
    parity(`where [${a}] [${b}]`, {
      inputs: { c: a, a, b },
      fn: (x) => tf.where(tf.greater(x.c, 0), x.a, x.b),
      wrt: ['a', 'b'],
    });
  parity('where on ints', {
    inputs: { a: whole([6]), b: whole([6]) },
    fn: ({ a, b }) => tf.where(tf.greater(a, b), a, b),
    wrt: [],
  });
  parity('isNaN, isInf, isFinite', {
    inputs: { x: { shape: [4], values: [1, NaN, Infinity, -Infinity] } },
    fn: ({ x }) => [tf.isNaN(x), tf.isInf(x), tf.isFinite(x)],
    wrt: [],
  });
  parity('clipByValue', {
    inputs: { x: [4, 5] },
    fn: ({ x }) => [tf.clipByValue(x, -0.5, 0.7), tf.clipByValue(x, 0.2, 0.2)],
  });
  parity('cast', {
    inputs: { x: { shape: [6], values: [-1.7, -0.4, 0, 0.4, 1, 2.9] } },
    fn: ({ x }) => [
      tf.cast(x, 'int32'),
      tf.cast(x, 'bool'),
      tf.cast(tf.cast(x, 'bool'), 'float32'),
      tf.cast(tf.cast(x, 'int32'), 'float32'),
    ],
    wrt: [],
  });
  parity('the gradient of a cast', { inputs: { x: [3] }, fn: ({ x }) => tf.cast(x, 'float32') });
});

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
