import type { GraphBuilder } from '../../graph/builder.js';
import type { Value } from '../../graph/graph.js';
import { parseAxis, sizesOf, type KernelFamily } from '../kernel.js';

function gather(g: GraphBuilder, x: Value, indices: Value, axis: number): Value {
  return g.add('Gather', [x, g.cast(indices, 'int32')], { axis });
}

/** A gather whose first axes pair `x` with `indices`: the pairs are laid out in one axis and addressed by number. */
function batchedGather(g: GraphBuilder, x: Value, indices: Value, axis: number, batchDims: number): Value {
  const [data, index] = [sizesOf(x), sizesOf(indices)];
  if (axis !== batchDims) {
    const between = x.shape.map((_, i) => i);
    between.splice(batchDims, 0, ...between.splice(axis, 1));
    const moved = batchedGather(g, g.add('Transpose', [x], { perm: between }), indices, batchDims, batchDims);
    const inner = index.length - batchDims;
    const perm = moved.shape.map((_, i) => i);
    perm.splice(axis, 0, ...perm.splice(batchDims, inner));
    return g.add('Transpose', [moved], { perm });
  }
  const batch = data.slice(0, batchDims).reduce((a, b) => a * b, 1);
  const perBatch = index.slice(batchDims).reduce((a, b) => a * b, 1);
  const offsets = g.add('Range', [], { start: 0, delta: data[axis], size: batch, dtype: 'int32' });
  const flat = g.add('Add', [
    g.reshape(g.cast(indices, 'int32'), [batch, perBatch]),
    g.reshape(offsets, [batch, 1]),
  ]);
  const rows = g.reshape(x, [batch * data[axis], ...data.slice(axis + 1)]);
  return g.reshape(gather(g, rows, flat, 0), [...index, ...data.slice(axis + 1)]);
}

/** Sums rows by segment; ids outside [0, count) add to a spare last row that is cut off, as tfjs drops them. */
function segmentSum(g: GraphBuilder, x: Value, ids: Value, count: number): Value {
  const row = sizesOf(x).slice(ids.shape.length);
  const size = row.reduce((a, b) => a * b, 1);
  const flat = g.reshape(g.cast(ids, 'int32'), [sizesOf(ids).reduce((a, b) => a * b, 1)]);
  const rows = g.reshape(x, [flat.shape[0], size]);
  const outside = g.add('Or', [
    g.add('Less', [flat, g.scalar(0, 'int32')]),
    g.add('GreaterOrEqual', [flat, g.scalar(count, 'int32')]),
  ]);
  const safe = g.add('Where', [outside, g.scalar(count, 'int32'), flat]);
  const sums = g.add('ScatterAdd', [safe, rows], { count: count + 1 });
  const kept = g.add('Slice', [sums], { starts: [0, 0], shape: [count, size], steps: [1, 1] });
  return g.reshape(kept, [count, ...row]);
}

/** Adds rows at the places that index tuples name, each tuple turned into a row number. */
function scatterAdd(g: GraphBuilder, indices: Value, updates: Value, shape: number[]): Value {
  const depth = sizesOf(indices).at(-1)!;
  const count = sizesOf(indices)
    .slice(0, -1)
    .reduce((a, b) => a * b, 1);
  const strides = shape.slice(0, depth).map((_, i) => shape.slice(i + 1, depth).reduce((a, b) => a * b, 1));
  const tuples = g.reshape(g.cast(indices, 'int32'), [count, depth]);
  const weighted = g.add('Mul', [tuples, g.constant(Int32Array.from(strides), [depth], 'int32')]);
  const rows = g.add('ReduceSum', [weighted], { axes: [1], keepdims: 0 });
  const size = shape.slice(depth).reduce((a, b) => a * b, 1);
  const sums = g.add('ScatterAdd', [rows, g.reshape(updates, [count, size])], {
    count: shape.slice(0, depth).reduce((a, b) => a * b, 1),
  });
  return g.reshape(sums, shape);
}

export const indexing: KernelFamily = {
  GatherV2: (g, { x, indices }, { axis, batchDims }) =>
    batchDims
      ? batchedGather(g, x, indices, parseAxis(axis, x), batchDims)
      : gather(g, x, indices, parseAxis(axis, x)),
  GatherNd: (g, { params, indices }) => g.add('GatherND', [params, g.cast(indices, 'int32')]),
  ScatterNd: (g, { indices, updates }, { shape }) => scatterAdd(g, indices, updates, [...shape]),
  TensorScatterUpdate: (g, { tensor, indices, updates }) =>
    g.add('ScatterND', [tensor, g.cast(indices, 'int32'), updates], { reduction: 'none' }),
  UnsortedSegmentSum: (g, { x, segmentIds }, { numSegments }) => segmentSum(g, x, segmentIds, numSegments),
};
