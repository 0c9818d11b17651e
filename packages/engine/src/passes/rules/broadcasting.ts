import { broadcastShapes, sameShape, type Shape } from '../../graph/dim.js';
import { fillOf, type Value } from '../../graph/graph.js';
import type { Rule, Rules } from '../rewriter.js';

const broadcastOf = (values: readonly Value[]): Shape =>
  values.reduce<Shape>((shape, value) => broadcastShapes(shape, value.shape)!, []);

/**
 * Operands spread out before an elementwise operation need not be: a filled tensor becomes a scalar, an expanded
 * one is used as it was, and the result is expanded if that is what made it large. (tfjs differentiates every
 * sum by a product with ones.)
 */
const narrow =
  (op: string): Rule =>
  (g, inputs, attributes) => {
    const shape = broadcastOf(inputs);
    const sources = inputs.map((input) => {
      if (input.node.op === 'Expand') return input.node.inputs[0];
      const value = input.shape.length > 0 ? fillOf(input) : undefined;
      return value === undefined ? input : g.scalar(value, input.dtype);
    });
    if (sources.every((source, i) => source === inputs[i])) return undefined;
    const result = g.add(op, sources, attributes);
    return sameShape(result.shape, shape) ? result : g.add('Expand', [result], { shape });
  };

const ELEMENTWISE = [
  'Add',
  'Sub',
  'Mul',
  'Div',
  'Max',
  'Min',
  'Pow',
  'Mod',
  'Sum',
  'Equal',
  'Greater',
  'GreaterOrEqual',
  'Less',
  'LessOrEqual',
  'And',
  'Or',
  'Not',
  'Where',
  'Cast',
  'Abs',
  'Neg',
  'Sign',
  'Exp',
  'Log',
  'Sqrt',
  'Reciprocal',
  'Sigmoid',
  'Tanh',
  'Relu',
  'Softplus',
];

export const broadcasting: Rules = Object.fromEntries(ELEMENTWISE.map((op) => [op, [narrow(op)]]));
