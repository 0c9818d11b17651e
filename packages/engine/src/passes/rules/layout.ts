import { sameShape, type Dim } from '../../graph/dim.js';
import { fillOf, type DType, type TensorData, type Value } from '../../graph/graph.js';
import type { Rule, Rules } from '../rewriter.js';

const numbers = (attribute: unknown) => attribute as readonly number[];
const dims = (attribute: unknown) => attribute as readonly Dim[];

/** The operand itself, where the operation changes nothing. */
const nothing =
  (isNothing: (x: Value, attributes: Parameters<Rule>[2]) => boolean): Rule =>
  (_, [x], attributes) =>
    isNothing(x, attributes) ? x : undefined;

const sameSize = nothing((x, { shape }) => sameShape(x.shape, dims(shape)));

/** Skips an operand of the same operator: of two in a row, the last decides. */
const lastWins =
  (op: string): Rule =>
  (g, [x], attributes) =>
    x.node.op === op ? g.add(op, [x.node.inputs[0]], attributes) : undefined;

/** A filled tensor stays one, at another shape. */
const refill: Rule = (g, [x], { shape }) => {
  const value = fillOf(x);
  return value === undefined ? undefined : g.fill(value, dims(shape), x.dtype);
};

const reshapeConstant: Rule = (g, [x], { shape }) =>
  x.node.op === 'Constant'
    ? g.constant(x.node.attributes.data as TensorData, dims(shape), x.dtype)
    : undefined;

const composeTransposes: Rule = (g, [x], { perm }) => {
  if (x.node.op !== 'Transpose') return undefined;
  const inner = numbers(x.node.attributes.perm);
  return g.add('Transpose', [x.node.inputs[0]], { perm: numbers(perm).map((axis) => inner[axis]) });
};

/** A transpose that keeps the order of all axes but those of size 1 moves no data. */
const transposeAsReshape: Rule = (g, [x], { perm }) => {
  const moved = numbers(perm).filter((axis) => x.shape[axis] !== 1);
  const ascending = moved.every((axis, i) => i === 0 || moved[i - 1] < axis);
  return ascending
    ? g.reshape(
        x,
        numbers(perm).map((axis) => x.shape[axis]),
      )
    : undefined;
};

/** A cast of a boolean cast to a number goes straight from the boolean. */
const castOfCast: Rule = (g, [x], { to }) =>
  x.node.op === 'Cast' && x.node.inputs[0].dtype === 'bool'
    ? g.cast(x.node.inputs[0], to as DType)
    : undefined;

const castFill: Rule = (g, [x], { to }) => {
  const value = fillOf(x);
  if (value === undefined) return undefined;
  if (to === 'bool') return g.fill(value === 0 ? 0 : 1, x.shape, 'bool');
  return g.fill(to === 'int32' ? Math.trunc(value) | 0 : value, x.shape, to as DType);
};

/** Repeating axes of size 1, as tfjs broadcasts, is an expansion, which the operations that follow can do without. */
const tileAsExpand: Rule = (g, [x], { repeats }) => {
  const plain = dims(repeats).every((count, i) => count === 1 || x.shape[i] === 1);
  if (!plain) return undefined;
  return g.add('Expand', [x], { shape: x.shape.map((dim, i) => (dim === 1 ? dims(repeats)[i] : dim)) });
};

/** A reduction over axes of size 1 only. */
const reduceNothing: Rule = (g, [x], { axes, keepdims }) => {
  if (!numbers(axes).every((axis) => x.shape[axis] === 1)) return undefined;
  return keepdims
    ? x
    : g.reshape(
        x,
        x.shape.filter((_, i) => !numbers(axes).includes(i)),
      );
};

/** Shape changes that cancel, or that a constant takes in. */
export const layout: Rules = {
  Reshape: [sameSize, lastWins('Reshape'), refill, reshapeConstant],
  Expand: [sameSize, lastWins('Expand'), refill],
  Transpose: [composeTransposes, transposeAsReshape],
  Cast: [nothing((x, { to }) => x.dtype === to), castOfCast, castFill],
  Concat: [(_, inputs) => (inputs.length === 1 ? inputs[0] : undefined)],
  Slice: [
    nothing(
      (x, { shape, steps }) => sameShape(x.shape, dims(shape)) && numbers(steps).every((step) => step === 1),
    ),
  ],
  Split: [nothing((_, { sizes }) => dims(sizes).length === 1)],
  Pad: [nothing((_, { pads }) => dims(pads).every((pad) => pad === 0))],
  Tile: [tileAsExpand],
  ReduceSum: [reduceNothing],
  ReduceMean: [reduceNothing],
  ReduceMax: [reduceNothing],
  ReduceMin: [reduceNothing],
  ReduceProd: [reduceNothing],
};
