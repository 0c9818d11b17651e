import { fillOf, type Value } from '../../graph/graph.js';
import type { Rule, Rules } from '../rewriter.js';

const replaced = (inputs: readonly Value[], index: number, value: Value): Value[] =>
  inputs.map((input, i) => (i === index ? value : input));

/** A transposed operand of Gemm is a flag. */
const transposedOperand =
  (operand: 0 | 1, flag: 'transA' | 'transB'): Rule =>
  (g, inputs, attributes) => {
    const { node } = inputs[operand];
    if (node.op !== 'Transpose') return undefined;
    return g.add('Gemm', replaced(inputs, operand, node.inputs[0]), {
      ...attributes,
      [flag]: attributes[flag] ? 0 : 1,
    });
  };

/** A constant factor of an operand, such as the 1/n of a mean's gradient, is Gemm's alpha. */
const scaledOperand =
  (operand: 0 | 1): Rule =>
  (g, inputs, attributes) => {
    const { op, inputs: factors } = inputs[operand].node;
    const constant = op === 'Mul' && factors[1].shape.length === 0 ? fillOf(factors[1]) : undefined;
    const factor = op === 'Neg' ? -1 : constant;
    if (factor === undefined || inputs.length > 2) return undefined;
    return g.add('Gemm', replaced(inputs, operand, factors[0]), {
      ...attributes,
      alpha: Math.fround((attributes.alpha as number) * factor),
    });
  };

/** A product of two matrices is a Gemm. */
const plainMatrices: Rule = (g, [a, b]) =>
  a.shape.length === 2 && b.shape.length === 2 && a.dtype === 'float32'
    ? g.add('Gemm', [a, b], { transA: 0, transB: 0, alpha: 1 })
    : undefined;

export const products: Rules = {
  Gemm: [transposedOperand(0, 'transA'), transposedOperand(1, 'transB'), scaledOperand(0), scaledOperand(1)],
  MatMul: [plainMatrices],
};
