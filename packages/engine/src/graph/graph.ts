import type { Dim, Shape } from './dim.js';

export type DType = 'float32' | 'int32' | 'bool';
export type TensorData = Float32Array | Int32Array | Uint8Array;

/** What a node's attributes may hold; a list of sizes may be symbolic in an exported graph. */
export type Attribute = Dim | string | readonly Dim[] | TensorData;
export type Attributes = Readonly<Record<string, Attribute>>;

/** One tensor of a graph. */
export interface Value {
  readonly shape: Shape;
  readonly dtype: DType;
  /** The node that makes it, and which of that node's outputs it is. */
  readonly node: Node;
  readonly index: number;
}

/** One operation: an ONNX operator, or one of the sources `Input`, `Random`, `Constant` and `Fill`. */
export interface Node {
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
  /** The tfjs operation it came from, for messages. */
  readonly origin: string;
}

/** A traced function: nodes in an order in which they can run, and its named results. */
export interface Graph {
  readonly nodes: readonly Node[];
  readonly outputs: readonly { readonly name: string; readonly value: Value }[];
}

/** Whether a node's value comes from outside the graph. */
export const isSource = ({ op }: Node): boolean => op === 'Input' || op === 'Random';

/** The number that fills a tensor, where it is a constant filled with one. */
export function fillOf({ node }: Value): number | undefined {
  if (node.op !== 'Fill') return undefined;
  const { value } = node.attributes;
  return typeof value === 'number' ? value : undefined;
}

/** How often each value is read, as an operand or as a result. */
export function countUses(graph: Graph): Map<Value, number> {
  const uses = new Map<Value, number>();
  const use = (value: Value) => uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const node of graph.nodes) node.inputs.forEach(use);
  for (const { value } of graph.outputs) use(value);
  return uses;
}
