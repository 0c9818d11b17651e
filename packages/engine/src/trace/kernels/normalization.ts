import type { KernelFamily } from '../kernel.js';

export const normalization: KernelFamily = {
  Softmax: (g, { logits }, { dim }) =>
    g.add('Softmax', [logits], { axis: dim < 0 ? dim + logits.shape.length : dim }),
  /** offset + (x - mean) scale / sqrt(variance + epsilon); all but x broadcast along the last axes. */
  FusedBatchNorm: (g, { x, mean, variance, offset, scale }, { varianceEpsilon }) => {
    const spread = g.add('Sqrt', [g.add('Add', [variance, g.scalar(varianceEpsilon ?? 0.001, 'float32')])]);
    const slope = scale ? g.add('Div', [scale, spread]) : g.add('Reciprocal', [spread]);
    const scaled = g.add('Mul', [g.add('Sub', [x, mean]), slope]);
    return offset ? g.add('Add', [scaled, offset]) : scaled;
  },
};
