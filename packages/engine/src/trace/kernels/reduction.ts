import type { GraphBuilder } from '../../graph/builder.js';
import type { Value } from '../../graph/graph.js';
import { parseAxes, parseAxis, sizesOf, type Kernel, type KernelFamily } from '../kernel.js';

function reduce(
  g: GraphBuilder,
  op: string,
  x: Value,
  axis: number | number[] | null,
  keepDims: boolean,
): Value {
  const axes = parseAxes(axis, x);
  if (axes.length === 0) return x;
  return g.add(op, [x], { axes, keepdims: keepDims ? 1 : 0 });
}

/** Extremes of booleans go through integers, which ONNX reduces. */
const extreme =
  (op: string): Kernel =>
  (g, { x }, { axis, reductionIndices, keepDims }) => {
    const number = x.dtype === 'bool' ? g.cast(x, 'int32') : x;
    return g.cast(reduce(g, op, number, axis ?? reductionIndices, keepDims), x.dtype);
  };

const argument =
  (op: string): Kernel =>
  (g, { x }, { axis }) =>
    g.add(op, [x.dtype === 'bool' ? g.cast(x, 'int32') : x], { axis: parseAxis(axis, x) });

/** ONNX has no cumulative product: about log2(n) products with a shifted copy give it. */
function cumulativeProduct(
  g: GraphBuilder,
  x: Value,
  axis: number,
  exclusive: boolean,
  reverse: boolean,
): Value {
  const sizes = sizesOf(x);
  const shifted = (value: Value, by: number): Value => {
    const kept = sizes.map((size, i) => (i === axis ? size - by : size));
    const start = sizes.map((_, i) => (i === axis && reverse ? by : 0));
    const slice = g.add('Slice', [value], { starts: start, shape: kept, steps: sizes.map(() => 1) });
    const before = sizes.map((_, i) => (i === axis && !reverse ? by : 0));
    const after = sizes.map((_, i) => (i === axis && reverse ? by : 0));
    return g.add('Pad', [slice], { pads: [...before, ...after], mode: 'constant', value: 1 });
  };
  let product = exclusive ? shifted(x, 1) : x;
  for (let by = 1; by < sizes[axis]; by *= 2) product = g.add('Mul', [product, shifted(product, by)]);
  return product;
}

export const reduction: KernelFamily = {
  Sum: (g, { x }, { axis, keepDims }) => reduce(g, 'ReduceSum', x, axis, keepDims),
  Mean: (g, { x }, { axis, keepDims }) => reduce(g, 'ReduceMean', g.cast(x, 'float32'), axis, keepDims),
  Prod: (g, { x }, { axis, keepDims }) =>
    reduce(g, 'ReduceProd', x.dtype === 'bool' ? g.cast(x, 'int32') : x, axis, keepDims),
  Max: extreme('ReduceMax'),
  Min: extreme('ReduceMin'),
  All: extreme('ReduceMin'),
  Any: extreme('ReduceMax'),
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
  Cumsum: (g, { x }, { axis, exclusive, reverse }) =>
    g.add('CumSum', [x.dtype === 'bool' ? g.cast(x, 'int32') : x], {
      axis: parseAxis(axis, x),
      exclusive: exclusive ? 1 : 0,
      reverse: reverse ? 1 : 0,
    }),
  Cumprod: (g, { x }, { axis, exclusive, reverse }) =>
    cumulativeProduct(g, x, parseAxis(axis, x), exclusive, reverse),
  TopK: (g, { x }, { k, sorted }) => g.addAll('TopK', [x], { k, sorted: sorted ? 1 : 0 }),
};
