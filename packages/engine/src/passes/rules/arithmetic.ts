import type { GraphBuilder } from '../../graph/builder.js';
import { broadcastShapes } from '../../graph/dim.js';
import { fillOf, type DType, type Value } from '../../graph/graph.js';
import type { Rule, Rules } from '../rewriter.js';

/** `x` at the shape that an operation with `other` has. */
const spread = (g: GraphBuilder, x: Value, other: Value): Value =>
  g.add('Expand', [x], { shape: broadcastShapes(x.shape, other.shape)! });

/** An operand that leaves the other as it is, on either side or the right only. */
const neutral =
  (value: number, sides: 'both' | 'right'): Rule =>
  (g, [a, b]) => {
    if (fillOf(b) === value) return spread(g, a, b);
    return sides === 'both' && fillOf(a) === value ? spread(g, b, a) : undefined;
  };

const stored = (value: number, dtype: DType): number =>
  dtype === 'float32' ? Math.fround(value) : value | 0;

/** An operation on two filled tensors. Numbers are rounded as the operation itself would round them. */
const fold =
  (compute: (a: number, b: number) => number): Rule =>
  (g, [a, b]) => {
    const [left, right] = [fillOf(a), fillOf(b)];
    if (left === undefined || right === undefined) return undefined;
    const value = stored(compute(stored(left, a.dtype), stored(right, a.dtype)), a.dtype);
    return g.fill(value, broadcastShapes(a.shape, b.shape)!, a.dtype);
  };

const negate: Rule = (g, [a, b]) => {
  if (a.dtype !== 'float32') return undefined;
  if (fillOf(b) === -1) return spread(g, g.add('Neg', [a]), b);
  return fillOf(a) === -1 ? spread(g, g.add('Neg', [b]), a) : undefined;
};

/** Constants go to the right, so that the other rules need to look there only. */
const constantRight: Rule = (g, [a, b]) =>
  fillOf(a) !== undefined && fillOf(b) === undefined ? g.add('Mul', [b, a]) : undefined;

/** (x c) d = x (c d). */
const gatherFactors: Rule = (g, [a, b]) => {
  const outer = fillOf(b);
  if (outer === undefined || b.shape.length > 0 || a.dtype !== 'float32' || a.node.op !== 'Mul')
    return undefined;
  const [x, c] = a.node.inputs;
  const inner = c.shape.length === 0 ? fillOf(c) : undefined;
  return inner === undefined ? undefined : g.add('Mul', [x, g.scalar(inner * outer, 'float32')]);
};

/** A product is cheaper than a quotient, and merges with others. */
const divideByConstant: Rule = (g, [a, b]) => {
  const divisor = fillOf(b);
  const inverse = divisor === undefined ? 0 : 1 / divisor;
  if (a.dtype !== 'float32' || !Number.isFinite(inverse) || Math.abs(inverse) < 1e-30) return undefined;
  return g.add('Mul', [a, g.fill(inverse, b.shape, 'float32')]);
};

const power: Rule = (g, [x, exponent]) => {
  if (x.dtype !== 'float32') return undefined;
  const simple = (value: number): Value | undefined => {
    if (value === 1) return x;
    if (value === 2) return g.add('Mul', [x, x]);
    if (value === 0.5) return g.add('Sqrt', [x]);
    if (value === 1.5) return g.add('Mul', [x, g.add('Sqrt', [x])]);
    if (value === -1) return g.add('Reciprocal', [x]);
    return undefined;
  };
  const value = fillOf(exponent);
  const result = value === undefined ? undefined : simple(value);
  return result && spread(g, result, exponent);
};

const doubleNegation: Rule = (_, [x]) => (x.node.op === 'Neg' ? x.node.inputs[0] : undefined);

/** Zeros leave a sum; one term is no sum, and two are an addition. */
const sumTerms: Rule = (g, inputs) => {
  const terms = inputs.filter((input) => fillOf(input) !== 0);
  if (terms.length === inputs.length && terms.length > 2) return undefined;
  const shape = inputs.reduce((all, input) => broadcastShapes(all, input.shape)!, inputs[0].shape);
  if (terms.length === 0) return g.fill(0, shape, inputs[0].dtype);
  const sum = terms.length === 1 ? terms[0] : g.add(terms.length === 2 ? 'Add' : 'Sum', terms);
  return g.add('Expand', [sum], { shape });
};

/** Identities of arithmetic, and the folding of constants that are one number. */
export const arithmetic: Rules = {
  Add: [fold((a, b) => a + b), neutral(0, 'both')],
  Sub: [fold((a, b) => a - b), neutral(0, 'right')],
  Mul: [fold((a, b) => a * b), neutral(1, 'both'), negate, constantRight, gatherFactors],
  Div: [
    (g, [a, b], attributes) =>
      a.dtype === 'float32' ? fold((x, y) => x / y)(g, [a, b], attributes) : undefined,
    neutral(1, 'right'),
    divideByConstant,
  ],
  Max: [fold(Math.max)],
  Min: [fold(Math.min)],
  Pow: [power],
  Sum: [sumTerms],
  Neg: [doubleNegation],
  And: [neutral(1, 'both')],
  Or: [neutral(0, 'both')],
};
