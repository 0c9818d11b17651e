import type { GraphBuilder } from '../../graph/builder.js';
import type { Value } from '../../graph/graph.js';
import { listOf, type Kernel, type KernelFamily } from '../kernel.js';

const binary =
  (op: string): Kernel =>
  (g, { a, b }) =>
    g.add(op, [a, b]);

/** The remainder with the sign of the divisor, which ONNX offers for integers only. */
function floorMod(g: GraphBuilder, a: Value, b: Value): Value {
  if (a.dtype === 'int32') return g.add('Mod', [a, nonZero(g, b)], { fmod: 0 });
  const zero = g.scalar(0, a.dtype);
  const remainder = g.add('Mod', [a, b], { fmod: 1 });
  const sameSide = g.add('Equal', [g.add('GreaterOrEqual', [a, zero]), g.add('GreaterOrEqual', [b, zero])]);
  const wrapped = g.add('Mod', [g.add('Add', [remainder, b]), b], { fmod: 1 });
  return g.add('Where', [sameSide, remainder, wrapped]);
}

/** An integer division by zero would end the process; tfjs defines its result as 0. */
function nonZero(g: GraphBuilder, divisor: Value): Value {
  const isZero = g.add('Equal', [divisor, g.scalar(0, 'int32')]);
  return g.add('Where', [isZero, g.scalar(1, 'int32'), divisor]);
}

function floorDiv(g: GraphBuilder, a: Value, b: Value): Value {
  if (a.dtype === 'float32') return g.cast(g.add('Floor', [g.add('Div', [a, b])]), 'int32');
  const divisor = nonZero(g, b);
  const exact = g.add('Sub', [a, g.add('Mod', [a, divisor], { fmod: 0 })]);
  const isZero = g.add('Equal', [b, g.scalar(0, 'int32')]);
  return g.add('Where', [isZero, g.scalar(0, 'int32'), g.add('Div', [exact, divisor])]);
}

export const arithmetic: KernelFamily = {
  Add: binary('Add'),
  Sub: binary('Sub'),
  Multiply: binary('Mul'),
  RealDiv: binary('Div'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Pow: binary('Pow'),
  Mod: (g, { a, b }) => floorMod(g, a, b),
  FloorDiv: (g, { a, b }) => floorDiv(g, a, b),
  SquaredDifference: (g, { a, b }) => {
    const difference = g.add('Sub', [a, b]);
    return g.add('Mul', [difference, difference]);
  },
  AddN: (g, inputs) => {
    const terms = listOf(inputs);
    if (terms[0].dtype === 'float32') return g.add('Sum', terms);
    return terms.reduce((sum, term) => g.add('Add', [sum, term])); // ONNX's Sum is for floats
  },
};
