import type { Rule, Rules } from '../rewriter.js';

/** A transposed operand of Gemm is a flag. */
const transposedOperand =
  (operand: 0 | 1, flag: 'transA' | 'transB'): Rule =>
  (g, inputs, attributes) => {
    const { node } = inputs[operand];
    if (node.op !== 'Transpose') return undefined;
    const operands = inputs.map((input, i) => (i === operand ? node.inputs[0] : input));
    return g.add('Gemm', operands, { ...attributes, [flag]: attributes[flag] ? 0 : 1 });
  };

/** A product of two matrices is a Gemm. */
const plainMatrices: Rule = (g, [a, b]) =>
  a.shape.length === 2 && b.shape.length === 2 && a.dtype === 'float32'
    ? g.add('Gemm', [a, b], { transA: 0, transB: 0, alpha: 1 })
    : undefined;

export const products: Rules = {
  Gemm: [transposedOperand(0, 'transA'), transposedOperand(1, 'transB')],
  MatMul: [plainMatrices],
};
