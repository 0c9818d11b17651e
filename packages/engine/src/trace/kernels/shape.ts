import type * as tf from '@tensorflow/tfjs-core';

import { tfjs } from '../../load-tfjs.js';
import { listOf, parseAxes, parseAxis, sizesOf, type KernelFamily } from '../kernel.js';
import type { GraphBuilder } from '../../graph/builder.js';
import type { Value } from '../../graph/graph.js';

const ones = (x: Value): number[] => x.shape.map(() => 1);

function slice(g: GraphBuilder, x: Value, starts: number[], shape: number[], steps = ones(x)): Value {
  return g.add('Slice', [x], { starts, shape, steps });
}

const insert = (sizes: number[], axis: number): number[] => [
  ...sizes.slice(0, axis),
  1,
  ...sizes.slice(axis),
];

export const shape: KernelFamily = {
  Reshape: (g, { x }, attrs) => {
    const size = tfjs().util.sizeFromShape(sizesOf(x));
    return g.reshape(x, tfjs().util.inferFromImplicitShape(attrs.shape, size));
  },
  ExpandDims: (g, { input }, { dim }) =>
    g.reshape(input, insert(sizesOf(input), dim < 0 ? dim + input.shape.length + 1 : dim)),
  Transpose: (g, { x }, { perm }) => g.add('Transpose', [x], { perm: [...perm] }),
  Concat: (g, inputs, attrs) => {
    const parts = listOf(inputs);
    const axis = parseAxis(attrs.axis, parts[0]);
    const filled = parts.filter((part) => part.shape[axis] !== 0);
    if (filled.length <= 1) return filled[0] ?? parts[0];
    return g.add('Concat', filled, { axis });
  },
  SplitV: (g, { x }, attrs) => {
    const axis = parseAxis(attrs.axis, x);
    const sizes = tfjs().backend_util.prepareSplitSize(
      { shape: sizesOf(x) } as tf.Tensor,
      attrs.numOrSizeSplits,
      axis,
    );
    return g.addAll('Split', [x], { sizes, axis });
  },
  Pack: (g, inputs, attrs) => {
    const parts = listOf(inputs);
    const rank = parts[0].shape.length;
    const axis = attrs.axis < 0 ? attrs.axis + rank + 1 : attrs.axis;
    const slabs = parts.map((part) => g.reshape(part, insert(sizesOf(part), axis)));
    return slabs.length === 1 ? slabs[0] : g.add('Concat', slabs, { axis });
  },
  Unpack: (g, { value }, attrs) => {
    const axis = parseAxis(attrs.axis, value);
    const sizes = Array<number>(sizesOf(value)[axis]).fill(1);
    const rest = sizesOf(value).filter((_, i) => i !== axis);
    return g.addAll('Split', [value], { sizes, axis }).map((part) => g.reshape(part, rest));
  },
  Slice: (g, { x }, { begin, size }) => {
    const [starts, shape] = tfjs().slice_util.parseSliceParams(
      { shape: sizesOf(x), rank: x.shape.length } as tf.Tensor,
      begin,
      size,
    );
    return slice(g, x, starts, shape);
  },
  StridedSlice: (g, { x }, attrs) => {
    const info = tfjs().slice_util.sliceInfo(
      sizesOf(x),
      attrs.begin,
      attrs.end,
      attrs.strides,
      attrs.beginMask,
      attrs.endMask,
      attrs.ellipsisMask,
      attrs.newAxisMask,
      attrs.shrinkAxisMask,
    );
    const sizes = tfjs().slice_util.computeOutShape(info.begin, info.end, info.strides);
    const sliced = slice(g, x, info.begin, sizes, info.strides);
    return g.reshape(sliced, info.finalShape);
  },
  PadV2: (g, { x }, { paddings, constantValue }) => {
    const before = paddings.map((pair: [number, number]) => pair[0]);
    const after = paddings.map((pair: [number, number]) => pair[1]);
    return g.add('Pad', [x], { pads: [...before, ...after], mode: 'constant', value: constantValue });
  },
  Reverse: (g, { x }, { dims }) => {
    const axes = parseAxes(dims, x);
    const backwards = (axis: number) => axes.includes(axis);
    const sizes = sizesOf(x);
    if (sizes.length === 0) return x;
    return slice(
      g,
      x,
      sizes.map((size, i) => (backwards(i) ? size - 1 : 0)),
      sizes,
      sizes.map((_, i) => (backwards(i) ? -1 : 1)),
    );
  },
  Tile: (g, { x }, { reps }) => g.add('Tile', [x], { repeats: [...reps] }),
};
