import type { Value } from '../../graph/graph.js';
import type { GraphBuilder } from '../../graph/builder.js';
import { sizesOf, type Kernel, type KernelFamily } from '../kernel.js';

/** ONNX orders no booleans, tfjs does (as 0 and 1). */
const asNumber = (g: GraphBuilder, x: Value): Value => (x.dtype === 'bool' ? g.cast(x, 'int32') : x);

const ordering =
  (op: string): Kernel =>
  (g, { a, b }) =>
    g.add(op, [asNumber(g, a), asNumber(g, b)]);

const logical =
  (op: string): Kernel =>
  (g, { a, b }) =>
    g.add(op, [g.cast(a, 'bool'), g.cast(b, 'bool')]);

const equal: Kernel = (g, { a, b }) => g.add('Equal', [a, b]);

/** A condition of lower rank chooses whole rows: it is aligned with the leading axes. */
function alignLeading(g: GraphBuilder, condition: Value, rank: number): Value {
  if (condition.shape.length === 0 || condition.shape.length === rank) return condition;
  return g.reshape(condition, [
    ...sizesOf(condition),
    ...Array<number>(rank - condition.shape.length).fill(1),
  ]);
}

export const comparison: KernelFamily = {
  Equal: equal,
  NotEqual: (g, inputs, attrs) => g.add('Not', [equal(g, inputs, attrs) as Value]),
  Greater: ordering('Greater'),
  GreaterEqual: ordering('GreaterOrEqual'),
  Less: ordering('Less'),
  LessEqual: ordering('LessOrEqual'),
  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  LogicalNot: (g, { x }) => g.add('Not', [g.cast(x, 'bool')]),
  IsNan: (g, { x }) => g.add('IsNaN', [g.cast(x, 'float32')]),
  IsInf: (g, { x }) => g.add('IsInf', [g.cast(x, 'float32')]),
  IsFinite: (g, { x }) => {
    const float = g.cast(x, 'float32');
    return g.add('Not', [g.add('Or', [g.add('IsNaN', [float]), g.add('IsInf', [float])])]);
  },
  Select: (g, { condition, t, e }) =>
    g.add('Where', [alignLeading(g, g.cast(condition, 'bool'), t.shape.length), t, e]),
};
