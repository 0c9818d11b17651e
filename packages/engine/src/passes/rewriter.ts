import { GraphBuilder } from '../graph/builder.js';
import { isSource, type Attributes, type Graph, type Node, type Value } from '../graph/graph.js';

/** A rewrite of one operation, or `undefined` where it does not apply. What it builds is rewritten in turn. */
export type Rule = (g: GraphBuilder, inputs: readonly Value[], attributes: Attributes) => Value | undefined;

/** Rules by the operator they rewrite. */
export type Rules = Readonly<Record<string, readonly Rule[]>>;

/** Constants up to this many values are compared by value, larger ones by identity. */
const COMPARED = 1024;

/** A builder that applies rules to each node before it adds it, and adds equal nodes once. */
export class RewritingBuilder extends GraphBuilder {
  readonly #known = new Map<string, readonly Value[]>();
  readonly #numbers = new Map<object, number>();

  constructor(private readonly rules: Rules) {
    super();
  }

  override addAll(op: string, inputs: readonly Value[], attributes: Attributes = {}): readonly Value[] {
    for (const rule of this.rules[op] ?? []) {
      const rewritten = rule(this, inputs, attributes);
      if (rewritten) return [rewritten];
    }
    const key = this.#key(op, inputs, attributes);
    let outputs = this.#known.get(key);
    if (!outputs) this.#known.set(key, (outputs = super.addAll(op, inputs, attributes)));
    return outputs;
  }

  /** Takes over a node as it is: inputs keep their identity. */
  adopt(node: Node): readonly Value[] {
    this.nodes.push(node);
    return node.outputs;
  }

  #key(op: string, inputs: readonly Value[], attributes: Attributes): string {
    const operands = inputs.map((value) => this.#number(value)).join();
    const rest = Object.entries(attributes).map(([name, value]) => {
      const large = typeof value === 'object' && 'length' in value && value.length > COMPARED;
      const text = Object.is(value, -0) ? '-0' : String(value);
      return `${name}=${large ? `#${this.#number(value)}` : text}`;
    });
    return `${op}(${operands})${rest.join(';')}`;
  }

  #number(value: object): number {
    let number = this.#numbers.get(value);
    if (number === undefined) this.#numbers.set(value, (number = this.#numbers.size));
    return number;
  }
}

/** Builds a graph anew under rules. */
export function rewrite(graph: Graph, rules: Rules): Graph {
  const builder = new RewritingBuilder(rules);
  const renewed = new Map<Value, Value>();
  for (const node of graph.nodes) {
    builder.origin = node.origin;
    const outputs = isSource(node)
      ? builder.adopt(node)
      : builder.addAll(
          node.op,
          node.inputs.map((input) => renewed.get(input)!),
          node.attributes,
        );
    node.outputs.forEach((value, i) => renewed.set(value, outputs[i]));
  }
  return builder.finish(graph.outputs.map(({ name, value }) => ({ name, value: renewed.get(value)! })));
}
