import type { Attributes, DType, Graph, Node, TensorData, Value } from './graph.js';
import { INFERENCE } from './inference.js';
import type { Dim, Shape } from './dim.js';

/** Appends nodes to a graph; the result's types follow from the operands. */
export class GraphBuilder {
  readonly nodes: Node[] = [];
  /** The tfjs operation that the nodes added from now on come from. */
  origin = '';

  /** Adds a node with one result. */
  add(op: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    return this.addAll(op, inputs, attributes)[0];
  }

  /** Adds a node and returns all its results. */
  addAll(op: string, inputs: readonly Value[], attributes: Attributes = {}): readonly Value[] {
    const outputs: Value[] = [];
    const node: Node = { op, inputs, attributes, outputs, origin: this.origin };
    for (const type of INFERENCE[op](inputs, attributes))
      outputs.push({ ...type, node, index: outputs.length });
    this.nodes.push(node);
    return outputs;
  }

  constant(data: TensorData, shape: Shape, dtype: DType): Value {
    return this.add('Constant', [], { data, shape, dtype });
  }

  /** A tensor filled with one number. */
  fill(value: number, shape: Shape, dtype: DType): Value {
    return this.add('Fill', [], { value, shape, dtype });
  }

  scalar(value: number, dtype: DType): Value {
    return this.fill(value, [], dtype);
  }

  cast(x: Value, to: DType): Value {
    return x.dtype === to ? x : this.add('Cast', [x], { to });
  }

  reshape(x: Value, shape: readonly Dim[]): Value {
    return this.add('Reshape', [x], { shape });
  }

  finish(outputs: Graph['outputs']): Graph {
    return { nodes: this.nodes, outputs };
  }
}
