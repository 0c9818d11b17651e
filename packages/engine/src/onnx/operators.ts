import { addDims, multiplyDims, sizeOf, type Dim } from '../graph/dim.js';
import type { DType, Node, TensorData } from '../graph/graph.js';
import { dataOf, type Emitter, type OnnxAttributes } from './emitter.js';
import { ELEMENT_TYPE } from './proto.js';
import { scatterAdd } from './scatter-add.js';

type Emit = (e: Emitter, node: Node) => void;

/** The usual case: the operands, some operands that the graph keeps as attributes, and some attributes. */
const direct =
  (
    attributes: (node: Node) => OnnxAttributes = () => ({}),
    operands: (e: Emitter, node: Node) => string[] = () => [],
  ): Emit =>
  (e, node) => {
    const inputs = [...node.inputs.map((x) => e.nameOf(x)), ...operands(e, node)];
    e.nodeInto(
      node.op,
      inputs,
      node.outputs.map((value) => bindFresh(e, value)),
      attributes(node),
    );
  };

function bindFresh(e: Emitter, value: Node['outputs'][number]): string {
  const name = e.fresh();
  e.bind(value, name);
  return name;
}

/** Passes attributes on under their own names. */
const pick =
  (...names: string[]) =>
  ({ attributes }: Node): OnnxAttributes =>
    Object.fromEntries(names.map((name) => [name, attributes[name] as number]));

const float = (value: unknown) => ({ float: value as number });
const dims = (value: unknown) => value as readonly Dim[];

const reduce = direct(pick('keepdims'), (e, { attributes }) => [e.sizes(dims(attributes.axes))]);

/** ONNX counts in int64, tfjs in int32. */
const argument: Emit = (e, node) => {
  const wide = e.node(node.op, [e.nameOf(node.inputs[0])], {
    axis: node.attributes.axis as number,
    keepdims: 0,
  });
  e.bind(node.outputs[0], e.node('Cast', [wide], { to: ELEMENT_TYPE.int32 }));
};

/** Indices that ONNX wants as int64. */
const wideIndices: Emit = (e, node) => {
  const inputs = node.inputs.map((x, i) =>
    i === 1 ? e.node('Cast', [e.nameOf(x)], { to: ELEMENT_TYPE.int64 }) : e.nameOf(x),
  );
  const attributes = node.op === 'ScatterND' ? pick('reduction')(node) : {};
  e.bind(node.outputs[0], e.node(node.op, inputs, attributes));
};

/** One open size is left for ONNX Runtime to infer (-1); more are computed. */
function reshapeOperand(e: Emitter, { attributes, inputs }: Node): string[] {
  const shape = dims(attributes.shape);
  const open = shape.filter((dim) => typeof dim !== 'number');
  const inferable = open.length === 1 && shape.every((dim) => dim !== 0);
  if (inferable) return [e.sizes(shape.map((dim) => (typeof dim === 'number' ? dim : -1)))];
  const kept = shape.map((dim, i) => (typeof dim !== 'number' && dim === inputs[0].shape[i] ? 0 : dim));
  const left = kept.filter((dim) => typeof dim !== 'number').length;
  const noZero = shape.every((dim) => dim !== 0);
  if (noZero && left === 0) return [e.sizes(kept)];
  if (noZero && left === 1) return [e.sizes(kept.map((dim) => (typeof dim === 'number' ? dim : -1)))];
  return [e.sizes(shape)];
}

const slice: Emit = (e, node) => {
  const [x] = node.inputs;
  const [starts, shape, steps] = [
    dims(node.attributes.starts),
    dims(node.attributes.shape),
    dims(node.attributes.steps) as number[],
  ];
  const axes = x.shape.map((_, i) => i).filter((i) => shape[i] !== x.shape[i] || steps[i] !== 1);
  const ends = axes.map((i) => {
    const end = addDims(starts[i], multiplyDims(shape[i], steps[i]));
    return steps[i] < 0 && typeof end === 'number' && end < 0 ? -(2 ** 31) : end;
  });
  const inputs = [
    e.nameOf(x),
    e.sizes(axes.map((i) => starts[i])),
    e.sizes(ends),
    e.sizes(axes),
    e.sizes(axes.map((i) => steps[i])),
  ];
  e.bind(node.outputs[0], e.node('Slice', inputs));
};

const fill: Emit = (e, node) => {
  const { value, shape, dtype } = node.attributes as unknown as {
    value: Dim;
    shape: readonly Dim[];
    dtype: DType;
  };
  if (typeof value !== 'number') {
    const number = e.node('Cast', [e.size(value)], { to: ELEMENT_TYPE[dtype] });
    const scalar = e.node('Squeeze', [number]);
    e.bind(node.outputs[0], shape.length === 0 ? scalar : e.node('Expand', [scalar, e.sizes(shape)]));
    return;
  }
  const size = sizeOf(shape);
  if (typeof size === 'number' && size <= 64) {
    const data = dataOf(Array<number>(size).fill(value), dtype);
    e.bind(node.outputs[0], e.initializer(data, shape as number[], dtype));
    return;
  }
  const raw = new Uint8Array(dataOf([value], dtype).buffer);
  const filled = e.node('ConstantOfShape', [e.sizes(shape)], {
    value: { name: '', type: dtype, dims: [1], raw },
  });
  e.bind(node.outputs[0], filled);
};

const range: Emit = (e, node) => {
  const { start, delta, size, dtype } = node.attributes as unknown as {
    start: number;
    delta: number;
    size: Dim;
    dtype: DType;
  };
  if (typeof size === 'number') {
    const data = dataOf(
      Array.from({ length: size }, (_, i) => start + i * delta),
      dtype,
    );
    e.bind(node.outputs[0], e.initializer(data, [size], dtype));
    return;
  }
  const int64 = (value: number) => e.initializer(BigInt64Array.of(BigInt(value)), [], 'int64');
  const end = e.node('Squeeze', [e.size(size)]);
  const count = e.node('Range', [int64(0), end, int64(1)]);
  const steps = e.node('Mul', [e.node('Cast', [count], { to: ELEMENT_TYPE[dtype] }), e.scalar(delta, dtype)]);
  e.bind(node.outputs[0], e.node('Add', [steps, e.scalar(start, dtype)]));
};

/** How each operator of the graph is written in ONNX; an operator that is not here is written as it stands. */
const OPERATORS: Readonly<Record<string, Emit>> = {
  Constant: (e, node) => {
    const { data, shape, dtype } = node.attributes as unknown as {
      data: TensorData;
      shape: number[];
      dtype: DType;
    };
    e.bind(node.outputs[0], e.initializer(data, shape, dtype));
  },
  Fill: fill,
  Range: range,
  Cast: direct(({ attributes }) => ({ to: ELEMENT_TYPE[attributes.to as DType] })),
  Mod: direct(pick('fmod')),
  LeakyRelu: direct(({ attributes }) => ({ alpha: float(attributes.alpha) })),
  Softmax: direct(pick('axis')),
  ReduceSum: reduce,
  ReduceMean: reduce,
  ReduceMax: reduce,
  ReduceMin: reduce,
  ReduceProd: reduce,
  ArgMax: argument,
  ArgMin: argument,
  CumSum: direct(pick('exclusive', 'reverse'), (e, { attributes }) => [
    e.initializer(BigInt64Array.of(BigInt(attributes.axis as number)), [], 'int64'),
  ]),
  TopK: (e, node) => {
    const [values, wide] = [bindFresh(e, node.outputs[0]), e.fresh()];
    const k = e.size(node.attributes.k as Dim);
    e.nodeInto('TopK', [e.nameOf(node.inputs[0]), k], [values, wide], pick('sorted')(node));
    e.bind(node.outputs[1], e.node('Cast', [wide], { to: ELEMENT_TYPE.int32 }));
  },
  Gemm: direct(({ attributes: { transA, transB, alpha } }) => ({
    transA: transA as number,
    transB: transB as number,
    alpha: float(alpha),
  })),
  Einsum: direct(pick('equation')),
  Reshape: direct(() => ({}), reshapeOperand),
  Expand: direct(
    () => ({}),
    (e, { attributes }) => [e.sizes(dims(attributes.shape))],
  ),
  Transpose: direct(pick('perm')),
  Concat: direct(pick('axis')),
  Split: direct(pick('axis'), (e, { attributes }) => [e.sizes(dims(attributes.sizes))]),
  Slice: slice,
  Pad: direct(pick('mode'), (e, { attributes, inputs }) => [
    e.sizes(dims(attributes.pads)),
    e.scalar(attributes.value as number, inputs[0].dtype),
  ]),
  Tile: direct(
    () => ({}),
    (e, { attributes }) => [e.sizes(dims(attributes.repeats))],
  ),
  Gather: direct(pick('axis')),
  GatherND: wideIndices,
  ScatterND: wideIndices,
  ScatterAdd: scatterAdd,
};

const plain = direct();

/** Writes one node. Inputs are bound beforehand. */
export function emitNode(e: Emitter, node: Node): void {
  (OPERATORS[node.op] ?? plain)(e, node);
}
