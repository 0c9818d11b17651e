import type { GraphBuilder } from '../../graph/builder.js';
import type { Value } from '../../graph/graph.js';
import type { Kernel, KernelFamily } from '../kernel.js';

const float =
  (op: string): Kernel =>
  (g, { x }) =>
    g.add(op, [g.cast(x, 'float32')]);

function clip(g: GraphBuilder, x: Value, low: number, high: number): Value {
  const bounded = g.add('Max', [x, g.scalar(low, x.dtype)]);
  return g.add('Min', [bounded, g.scalar(high, x.dtype)]);
}

function relu(g: GraphBuilder, x: Value): Value {
  return x.dtype === 'float32' ? g.add('Relu', [x]) : g.add('Max', [x, g.scalar(0, x.dtype)]);
}

function step(g: GraphBuilder, x: Value, below: number): Value {
  const positive = g.add('Greater', [x, g.scalar(0, x.dtype)]);
  if (below === 0) return g.cast(positive, x.dtype);
  return g.add('Where', [positive, g.scalar(1, x.dtype), g.scalar(below, x.dtype)]);
}

/** The activation that a fused matrix product ends with, by tfjs's name for it. */
export function activate(g: GraphBuilder, x: Value, name: string, alpha: number, weights?: Value): Value {
  switch (name) {
    case 'linear':
      return x;
    case 'relu':
      return g.add('Relu', [x]);
    case 'relu6':
      return clip(g, x, 0, 6);
    case 'elu':
      return g.add('Elu', [x]);
    case 'sigmoid':
      return g.add('Sigmoid', [x]);
    case 'prelu':
      return g.add('PRelu', [x, weights!]);
    case 'leakyrelu':
      return g.add('LeakyRelu', [x], { alpha });
    default:
      throw new Error(`unknown fused activation '${name}'`);
  }
}

export const activation: KernelFamily = {
  Relu: (g, { x }) => relu(g, x),
  Relu6: (g, { x }) => clip(g, x, 0, 6),
  LeakyRelu: (g, { x }, { alpha }) => g.add('LeakyRelu', [g.cast(x, 'float32')], { alpha }),
  Prelu: (g, { x, alpha }) => g.add('PRelu', [x, alpha]),
  Elu: float('Elu'),
  /** dy where y >= 0, else dy (y + 1). */
  EluGrad: (g, { dy, y }) => {
    const slope = g.add('Min', [g.add('Add', [y, g.scalar(1, 'float32')]), g.scalar(1, 'float32')]);
    return g.add('Mul', [dy, slope]);
  },
  Selu: float('Selu'),
  Sigmoid: float('Sigmoid'),
  Tanh: float('Tanh'),
  Softplus: float('Softplus'),
  Step: (g, { x }, { alpha }) => step(g, x, alpha ?? 0),
  ClipByValue: (g, { x }, { clipValueMin, clipValueMax }) => clip(g, x, clipValueMin, clipValueMax),
};
