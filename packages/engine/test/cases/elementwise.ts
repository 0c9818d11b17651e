import { describe } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';

import { float, parity, whole } from './parity.js';

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
