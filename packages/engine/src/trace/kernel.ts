import { tfjs } from '../load-tfjs.js';
import type { GraphBuilder } from '../graph/builder.js';
import type { Value } from '../graph/graph.js';

/**
 * A tfjs kernel that computes nothing: it adds to the graph the ONNX operators that will. `inputs` are keyed
 * as tfjs keys them ('a', 'b', 'x'; '0', '1', ... for a list), absent where optional and not given.
 */
export type Kernel = (
  g: GraphBuilder,
  inputs: Record<string, Value>,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tfjs types attributes per kernel, by name
  attrs: any,
) => Value | readonly Value[];

/** The kernels of one family, by tfjs kernel name. */
export type KernelFamily = Readonly<Record<string, Kernel>>;

/** While tracing every size is a number. */
export const sizesOf = (value: Value): number[] => value.shape as number[];

/** Axes as non-negative numbers in ascending order; `null` or `undefined` means all. */
export const parseAxes = (axis: number | number[] | null | undefined, x: Value): number[] =>
  [...tfjs().util.parseAxisParam(axis ?? x.shape.map((_, i) => i), sizesOf(x))].sort((a, b) => a - b);

/** One axis as a non-negative number. */
export const parseAxis = (axis: number, x: Value): number => parseAxes(axis, x)[0];

/** Operands as a list, for kernels that take any number of tensors. */
export const listOf = (inputs: Record<string, Value>): Value[] => Object.values(inputs);
