import type { GraphBuilder } from '../../graph/builder.js';
import type { Value } from '../../graph/graph.js';
import { listOf, sizesOf, type KernelFamily } from '../kernel.js';
import { activate } from './activation.js';

function swapLast(g: GraphBuilder, x: Value): Value {
  const perm = x.shape.map((_, i) => i);
  perm.push(...perm.splice(-2).reverse());
  return g.add('Transpose', [x], { perm });
}

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/**
 * A product of stacks of matrices. One matrix, or one right-hand matrix for the whole stack, is a plain
 * matrix product (Gemm), whose transposes are flags and cost nothing; the reshapes around it mostly cancel.
 */
function matMul(g: GraphBuilder, a: Value, b: Value, transposeA: boolean, transposeB: boolean): Value {
  const [left, right] = [sizesOf(a), sizesOf(b)];
  const batchA = left.slice(0, -2);
  const batchB = right.slice(0, -2);
  const sharedRight = product(batchB) === 1 && batchB.length <= batchA.length;
  const plain = sharedRight && (product(batchA) === 1 || !transposeA);
  if (!plain || a.dtype !== 'float32')
    return g.add('MatMul', [transposeA ? swapLast(g, a) : a, transposeB ? swapLast(g, b) : b]);

  const rows = product(left) / left.at(-1)!;
  const gemm = g.add('Gemm', [g.reshape(a, [rows, left.at(-1)!]), g.reshape(b, right.slice(-2))], {
    transA: transposeA ? 1 : 0,
    transB: transposeB ? 1 : 0,
    alpha: 1,
  });
  const columns = right.at(transposeB ? -2 : -1)!;
  return g.reshape(gemm, [...batchA, left.at(transposeA ? -1 : -2)!, columns]);
}

/** The result's shape of an einsum such as `bij,bjk->bik`. */
function einsumShape(equation: string, inputs: readonly Value[]): number[] {
  const [terms, result] = equation.replaceAll(' ', '').split('->');
  const size = new Map<string, number>();
  terms
    .split(',')
    .forEach((term, i) => [...term].forEach((name, axis) => size.set(name, sizesOf(inputs[i])[axis])));
  return [...result].map((name) => size.get(name)!);
}

export const matmul: KernelFamily = {
  BatchMatMul: (g, { a, b }, { transposeA, transposeB }) => matMul(g, a, b, transposeA, transposeB),
  _FusedMatMul: (g, { a, b, bias, preluActivationWeights }, attrs) => {
    const product = matMul(g, a, b, attrs.transposeA, attrs.transposeB);
    const biased = bias ? g.add('Add', [product, bias]) : product;
    return activate(g, biased, attrs.activation ?? 'linear', attrs.leakyreluAlpha, preluActivationWeights);
  },
  Einsum: (g, inputs, { equation }) => {
    const operands = listOf(inputs);
    return g.add('Einsum', operands, {
      equation: equation.replaceAll(' ', ''),
      shape: einsumShape(equation, operands),
    });
  },
};
