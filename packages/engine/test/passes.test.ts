import { describe, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';

import type { Graph } from '../src/graph/graph.js';
import { optimize } from '../src/passes/optimize.js';
import { trace } from '../src/trace/trace.js';
import type { TensorFunction } from '../src/index.js';

/** The operators of an optimized trace, sources and constants aside. */
function operators(fn: TensorFunction, shapes: Record<string, number[]>, wrt?: string[]): string[] {
  const inputs = Object.entries(shapes).map(([name, shape]) => ({ name, shape, dtype: 'float32' as const }));
  return names(optimize(trace(fn, inputs, wrt && { of: 'loss', wrt }).graph));
}

const names = ({ nodes }: Graph): string[] =>
  nodes.map(({ op }) => op).filter((op) => !['Input', 'Random', 'Constant', 'Fill'].includes(op));

describe('a graph is written without', () => {
  const ab = { a: [4, 5], b: [5, 3], c: [3] };

  test('separate bias additions, scales and transposes', () => {
    expect(operators(({ a, b, c }) => ({ y: tf.add(tf.matMul(a, b), c) }), ab)).toEqual(['Gemm']);
    expect(operators(({ a, b }) => ({ y: tf.div(tf.matMul(a, b), 0.5) }), ab)).toEqual(['Gemm']);
    expect(operators(({ a, b, c }) => ({ y: tf.add(c, tf.mul(tf.matMul(a, b), 3)) }), ab)).toEqual(['Gemm']);
    expect(operators(({ a, b }) => ({ y: tf.matMul(tf.transpose(b), tf.transpose(a)) }), ab)).toEqual([
      'Gemm',
    ]);
    expect(
      operators(
        ({ x, w, c }) => ({ y: tf.add(tf.reshape(tf.matMul(tf.reshape(x, [6, 5]), w), [2, 3, 4]), c) }),
        { x: [2, 3, 5], w: [5, 4], c: [4] },
      ),
    ).toEqual(['Reshape', 'Gemm', 'Reshape']);
  });

  test('subtractions of a row from a product, but of a matrix', () => {
    expect(operators(({ a, b, c }) => ({ y: tf.sub(tf.matMul(a, b), c) }), ab)).toEqual(['Neg', 'Gemm']);
    expect(operators(({ a, b, c }) => ({ y: tf.sub(tf.matMul(a, b), c) }), { ...ab, c: [4, 3] })).toEqual([
      'Gemm',
      'Sub',
    ]);
    expect(operators(({ a, b, c }) => ({ y: tf.sub(c, tf.matMul(a, b)) }), ab)).toEqual(['Gemm', 'Sub']);
  });

  test('factors of operands', () => {
    expect(operators(({ a, b }) => ({ y: tf.matMul(tf.neg(tf.mul(a, 3)), tf.div(b, 2)) }), ab)).toEqual([
      'Gemm',
    ]);
  });

  test('zeros to scatter a mask into', () => {
    const pairs = tf.tensor2d(
      [
        [0, 1],
        [2, 2],
      ],
      [2, 2],
      'int32',
    );
    const masked: TensorFunction = ({ x }) => ({
      y: tf.add(tf.exp(x), tf.scatterND(pairs, tf.fill([2], -9), [3, 4])),
    });
    const ops = operators(masked, { x: [3, 4] });
    expect(ops).toContain('ScatterAdd');
    expect(ops).not.toContain('Add');
  });

  test('a fusion where something else reads the product', () => {
    const fn: TensorFunction = ({ a, b, c }) => {
      const product = tf.matMul(a, b);
      return { y: tf.add(product, c), product };
    };
    expect(operators(fn, ab)).toEqual(['Gemm', 'Add']);
  });

  test('a fusion that would spread the product', () => {
    expect(
      operators(({ a, b, c }) => ({ y: tf.add(tf.matMul(a, b), c) }), { a: [1, 5], b: [5, 3], c: [4, 3] }),
    ).toEqual(['Gemm', 'Add']);
    expect(operators(({ a, b, c }) => ({ y: tf.add(tf.matMul(a, b), c) }), { ...ab, c: [2, 4, 3] })).toEqual([
      'Gemm',
      'Add',
    ]);
  });

  test('reshapes and transposes that cancel', () => {
    expect(
      operators(({ x }) => ({ y: tf.reshape(tf.expandDims(tf.reshape(x, [12])), [3, 4]) }), { x: [3, 4] }),
    ).toEqual([]);
    expect(operators(({ x }) => ({ y: tf.transpose(tf.transpose(x)) }), { x: [3, 4] })).toEqual([]);
    expect(operators(({ x }) => ({ y: tf.transpose(x) }), { x: [1, 4] })).toEqual(['Reshape']);
    expect(operators(({ x }) => ({ y: tf.sum(x, 1) }), { x: [3, 1] })).toEqual(['Reshape']);
  });

  test('operations that do nothing', () => {
    const nothing: TensorFunction = ({ x }) => ({
      y: tf.add(tf.mul(tf.sub(tf.div(tf.pow(tf.clone(x), 1), 1), 0), tf.ones([3])), tf.zeros([2, 3])),
    });
    expect(operators(nothing, { x: [2, 3] })).toEqual([]);
    expect(operators(({ x }) => ({ y: tf.mul(tf.mul(x, 2), 3) }), { x: [2] })).toEqual(['Mul']);
    expect(operators(({ x }) => ({ y: tf.neg(tf.mul(x, -1)) }), { x: [2] })).toEqual([]);
  });

  test('what no output needs, or what is there already', () => {
    expect(
      operators(
        ({ x }) => {
          tf.exp(x);
          return { y: tf.add(tf.sin(x), tf.sin(x)) };
        },
        { x: [2] },
      ),
    ).toEqual(['Sin', 'Add']);
  });

  test('tensors of ones in the gradients of sums', () => {
    // d/dx mean(x^2) = x * (2 / n)
    expect(operators(({ x }) => ({ loss: tf.mean(tf.square(x)) }), { x: [3, 4] }, ['x'])).toEqual([
      'Mul',
      'ReduceMean',
      'Mul',
    ]);
  });

  test('more than one product and one sum for the gradient of a dense layer', () => {
    const layer: TensorFunction = ({ x, w, b }) => ({ loss: tf.sum(tf.tanh(tf.add(tf.matMul(x, w), b))) });
    const ops = operators(layer, { x: [6, 5], w: [5, 3], b: [3] }, ['w', 'b']);
    expect(ops.filter((op) => op === 'Gemm')).toHaveLength(2);
    expect(ops.filter((op) => op === 'ReduceSum')).toHaveLength(2);
    expect(ops).not.toContain('Expand');
    expect(ops).not.toContain('Reshape');
  });
});
