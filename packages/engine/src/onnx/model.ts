import { isSource, type DType, type Graph, type Value } from '../graph/graph.js';
import { Emitter } from './emitter.js';
import { emitNode } from './operators.js';
import { encodeModel, type ValueInfoProto } from './proto.js';

/** The default domain's version: the first with axes as operands of every reduction; ONNX 1.13, IR 8. */
const OPSET = 18;

/** A graph input under the name it has in the file. */
export interface ModelInput {
  readonly name: string;
  readonly value: Value;
  /** Sizes; a string is a symbolic size's name. */
  readonly dims: readonly (number | string)[];
}

/** What becomes a file: a graph, and the names its inputs and outputs have there. */
export interface ModelPlan {
  readonly graph: Graph;
  readonly inputs: readonly ModelInput[];
  /** In the order of `graph.outputs`. */
  readonly outputNames: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Writes a graph as an ONNX model. */
export function buildModel({ graph, inputs, outputNames, metadata = {} }: ModelPlan): Uint8Array {
  const emitter = new Emitter(
    new Set([...inputs.map((input) => input.name), ...outputNames]),
    symbolSources(inputs),
  );
  for (const { name, value } of inputs) emitter.bind(value, name);
  for (const node of graph.nodes) if (!isSource(node)) emitNode(emitter, node);
  graph.outputs.forEach(({ value }, i) =>
    emitter.nodeInto('Identity', [emitter.nameOf(value)], [outputNames[i]]),
  );
  return encodeModel({
    opset: OPSET,
    nodes: emitter.nodes,
    initializers: emitter.initializers,
    inputs: inputs.map(({ name, value, dims }) => ({ name, type: value.dtype as DType, dims })),
    outputs: graph.outputs.map(({ value }, i) => outputInfo(outputNames[i], value)),
    metadata,
  });
}

const outputInfo = (name: string, value: Value): ValueInfoProto => ({
  name,
  type: value.dtype,
  dims: value.shape.map((dim) => (typeof dim === 'number' ? dim : dim.text)),
});

function symbolSources(inputs: readonly ModelInput[]): Map<string, { input: string; axis: number }> {
  const sources = new Map<string, { input: string; axis: number }>();
  for (const { name, dims } of inputs)
    dims.forEach((dim, axis) => {
      if (typeof dim === 'string' && !sources.has(dim)) sources.set(dim, { input: name, axis });
    });
  return sources;
}
