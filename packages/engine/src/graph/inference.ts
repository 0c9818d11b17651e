import { addDims, broadcastShapes, multiplyDims, type Dim, type Shape } from './dim.js';
import type { Attributes, DType, Value } from './graph.js';

/** A tensor's shape and element type, without the tensor. */
export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

type Infer = (inputs: readonly Value[], attributes: Attributes) => TensorType[];

const dims = (attribute: unknown) => attribute as readonly Dim[];
const numbers = (attribute: unknown) => attribute as readonly number[];

function broadcastAll(inputs: readonly Value[]): Shape {
  return inputs.reduce<Shape>((shape, input) => {
    const out = broadcastShapes(shape, input.shape);
    if (!out) throw new Error(`shapes [${shape.join()}] and [${input.shape.join()}] do not broadcast`);
    return out;
  }, []);
}

const same: Infer = ([x]) => [{ shape: x.shape, dtype: x.dtype }];
const elementwise: Infer = (inputs) => [{ shape: broadcastAll(inputs), dtype: inputs[0].dtype }];
const predicate: Infer = (inputs) => [{ shape: broadcastAll(inputs), dtype: 'bool' }];

const reduce: Infer = ([x], { axes, keepdims }) => [
  {
    shape: keepdims
      ? x.shape.map((dim, i) => (numbers(axes).includes(i) ? 1 : dim))
      : x.shape.filter((_, i) => !numbers(axes).includes(i)),
    dtype: x.dtype,
  },
];

const argument: Infer = ([x], { axis }) => [{ shape: x.shape.filter((_, i) => i !== axis), dtype: 'int32' }];

const replaceAxis = (shape: Shape, axis: number, dim: Dim): Shape =>
  shape.map((old, i) => (i === axis ? dim : old));

/** The types of each operator's results; the one place that knows how shapes follow from operands. */
export const INFERENCE: Readonly<Record<string, Infer>> = {
  Input: (_, { shape, dtype }) => [{ shape: dims(shape), dtype: dtype as DType }],
  Random: (_, { shape }) => [{ shape: dims(shape), dtype: 'float32' }],
  Constant: (_, { shape, dtype }) => [{ shape: dims(shape), dtype: dtype as DType }],
  Fill: (_, { shape, dtype }) => [{ shape: dims(shape), dtype: dtype as DType }],

  Add: elementwise,
  Sub: elementwise,
  Mul: elementwise,
  Div: elementwise,
  Max: elementwise,
  Min: elementwise,
  Pow: elementwise,
  Mod: elementwise,
  Sum: elementwise,
  PRelu: elementwise,
  Equal: predicate,
  Greater: predicate,
  GreaterOrEqual: predicate,
  Less: predicate,
  LessOrEqual: predicate,
  And: predicate,
  Or: predicate,
  Not: predicate,
  IsNaN: predicate,
  IsInf: predicate,
  Where: (inputs) => [{ shape: broadcastAll(inputs), dtype: inputs[1].dtype }],
  Cast: ([x], { to }) => [{ shape: x.shape, dtype: to as DType }],

  Abs: same,
  Ceil: same,
  Cos: same,
  Cosh: same,
  Acos: same,
  Acosh: same,
  Asin: same,
  Asinh: same,
  Atan: same,
  Atanh: same,
  Elu: same,
  Erf: same,
  Exp: same,
  Floor: same,
  LeakyRelu: same,
  Log: same,
  Neg: same,
  Reciprocal: same,
  Relu: same,
  Round: same,
  Selu: same,
  Sigmoid: same,
  Sign: same,
  Sin: same,
  Sinh: same,
  Softplus: same,
  Sqrt: same,
  Tan: same,
  Tanh: same,
  Softmax: same,
  CumSum: same,

  ReduceSum: reduce,
  ReduceMean: reduce,
  ReduceMax: reduce,
  ReduceMin: reduce,
  ReduceProd: reduce,
  ArgMax: argument,
  ArgMin: argument,
  TopK: ([x], { k }) => {
    const shape = replaceAxis(x.shape, x.shape.length - 1, k as Dim);
    return [
      { shape, dtype: x.dtype },
      { shape, dtype: 'int32' },
    ];
  },

  MatMul: ([a, b]) => {
    const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
    if (!batch)
      throw new Error(`matMul batches [${a.shape.join()}] and [${b.shape.join()}] do not broadcast`);
    return [{ shape: [...batch, a.shape.at(-2)!, b.shape.at(-1)!], dtype: a.dtype }];
  },
  Gemm: ([a, b], { transA, transB }) => [
    { shape: [a.shape[transA ? 1 : 0], b.shape[transB ? 0 : 1]], dtype: a.dtype },
  ],
  Einsum: (inputs, { shape }) => [{ shape: dims(shape), dtype: inputs[0].dtype }],

  Reshape: ([x], { shape }) => [{ shape: dims(shape), dtype: x.dtype }],
  Expand: ([x], { shape }) => [{ shape: dims(shape), dtype: x.dtype }],
  Transpose: ([x], { perm }) => [{ shape: numbers(perm).map((axis) => x.shape[axis]), dtype: x.dtype }],
  Concat: (inputs, { axis }) => [
    {
      shape: replaceAxis(
        inputs[0].shape,
        axis as number,
        inputs.map((x) => x.shape[axis as number]).reduce(addDims),
      ),
      dtype: inputs[0].dtype,
    },
  ],
  Split: ([x], { sizes, axis }) =>
    dims(sizes).map((size) => ({ shape: replaceAxis(x.shape, axis as number, size), dtype: x.dtype })),
  Slice: ([x], { shape }) => [{ shape: dims(shape), dtype: x.dtype }],
  Pad: ([x], { pads }) => [
    {
      shape: x.shape.map((dim, i) => addDims(dim, addDims(dims(pads)[i], dims(pads)[i + x.shape.length]))),
      dtype: x.dtype,
    },
  ],
  Tile: ([x], { repeats }) => [
    { shape: x.shape.map((dim, i) => multiplyDims(dim, dims(repeats)[i])), dtype: x.dtype },
  ],

  Gather: ([x, indices], { axis }) => [
    {
      shape: [...x.shape.slice(0, axis as number), ...indices.shape, ...x.shape.slice((axis as number) + 1)],
      dtype: x.dtype,
    },
  ],
  GatherND: ([x, indices]) => [
    {
      shape: [...indices.shape.slice(0, -1), ...x.shape.slice(indices.shape.at(-1) as number)],
      dtype: x.dtype,
    },
  ],
  ScatterND: same,
  /** Adds rows [n, d] by their number [n] to [count, d]: to the third operand, or to zeros. */
  ScatterAdd: ([, rows], { count }) => [{ shape: [count as Dim, rows.shape[1]], dtype: rows.dtype }],
  Range: (_, { size, dtype }) => [{ shape: [size as Dim], dtype: dtype as DType }],
};
