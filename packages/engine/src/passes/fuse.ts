import { GraphBuilder } from '../graph/builder.js';
import { sameShape } from '../graph/dim.js';
import { countUses, fillOf, isSource, type Graph, type Node, type Value } from '../graph/graph.js';

/**
 * Takes what follows a matrix product into it, where nothing else reads the product: a constant factor becomes
 * Gemm's `alpha`, an addend (a bias, or another product's sum) its `C`. Likewise a scatter takes in what it is added to.
 */
export function fuse(graph: Graph): Graph {
  const uses = countUses(graph);
  const fusion = new Fusion(uses);
  for (const node of graph.nodes) fusion.take(node);
  return fusion.builder.finish(
    graph.outputs.map(({ name, value }) => ({ name, value: fusion.renewed(value) })),
  );
}

class Fusion {
  readonly builder = new GraphBuilder();
  readonly #renewed = new Map<Value, Value>();

  constructor(private readonly uses: ReadonlyMap<Value, number>) {}

  renewed(value: Value): Value {
    return this.#renewed.get(value)!;
  }

  take(node: Node): void {
    this.builder.origin = node.origin;
    const fused = this.#fused(node);
    const outputs = fused ? [fused] : this.#plain(node);
    node.outputs.forEach((value, i) => this.#renewed.set(value, outputs[i]));
  }

  #plain(node: Node): readonly Value[] {
    if (isSource(node)) {
      this.builder.nodes.push(node);
      return node.outputs;
    }
    const inputs = node.inputs.map((input) => this.renewed(input));
    return this.builder.addAll(node.op, inputs, node.attributes);
  }

  #fused(node: Node): Value | undefined {
    const [a, b] = node.inputs;
    switch (node.op) {
      case 'Mul':
        return this.#scaled(a, b);
      case 'Add':
        return this.#biased(a, b) ?? this.#biased(b, a) ?? this.#scattered(a, b) ?? this.#scattered(b, a);
      case 'Sub':
        return this.#lowered(a, b);
      case 'Sum':
        return this.#accumulated(node.inputs);
      default:
        return undefined;
    }
  }

  /** The product that a value is, if it can still take something in. */
  #openProduct(value: Value): Node | undefined {
    const { node } = this.renewed(value);
    return node.op === 'Gemm' && node.inputs.length === 2 && this.uses.get(value) === 1 ? node : undefined;
  }

  #scaled(product: Value, factor: Value): Value | undefined {
    const gemm = this.#openProduct(product);
    const value = factor.shape.length === 0 ? fillOf(factor) : undefined;
    if (!gemm || value === undefined) return undefined;
    return this.builder.add('Gemm', gemm.inputs, {
      ...gemm.attributes,
      alpha: Math.fround((gemm.attributes.alpha as number) * value),
    });
  }

  #biased(product: Value, addend: Value): Value | undefined {
    const gemm = this.#openProduct(product);
    if (gemm) {
      if (!spreadsTo(addend, product)) return undefined;
      return this.builder.add('Gemm', [...gemm.inputs, this.renewed(addend)], gemm.attributes);
    }
    return this.#biasedRows(product, addend);
  }

  /** A small subtrahend (a bias, a log q per column) is negated and added. */
  #lowered(product: Value, subtrahend: Value): Value | undefined {
    if (sameShape(product.shape, subtrahend.shape) || !this.#openProduct(product)) return undefined;
    if (!spreadsTo(subtrahend, product)) return undefined;
    const negated = this.builder.add('Neg', [this.renewed(subtrahend)]);
    const { inputs, attributes } = this.#openProduct(product)!;
    return this.builder.add('Gemm', [...inputs, negated], attributes);
  }

  /** What is scattered into zeros and then added to a tensor is scattered into the tensor (a mask, a gradient). */
  #scattered(base: Value, scattered: Value): Value | undefined {
    const reshaped = scattered.node.op === 'Reshape';
    const sums = reshaped ? scattered.node.inputs[0] : scattered;
    const { op, inputs, attributes } = sums.node;
    const once = this.uses.get(scattered) === 1 && this.uses.get(sums) === 1;
    if (op !== 'ScatterAdd' || inputs.length > 2 || !once || !sameShape(base.shape, scattered.shape))
      return undefined;
    const start = reshaped ? this.builder.reshape(this.renewed(base), sums.shape) : this.renewed(base);
    const operands = [...inputs.map((input) => this.renewed(input)), start];
    const result = this.builder.add('ScatterAdd', operands, attributes);
    return reshaped ? this.builder.reshape(result, scattered.shape) : result;
  }

  /** A stack of matrices times one matrix is a Gemm between two reshapes; a bias per column goes through them. */
  #biasedRows(stack: Value, bias: Value): Value | undefined {
    if (stack.node.op !== 'Reshape' || this.uses.get(stack) !== 1) return undefined;
    const gemm = this.#openProduct(stack.node.inputs[0]);
    const columns = stack.node.inputs[0].shape[1];
    const perColumn = bias.shape.at(-1) === columns && bias.shape.slice(0, -1).every((dim) => dim === 1);
    if (!gemm || !perColumn || stack.shape.at(-1) !== columns || bias.shape.length > stack.shape.length)
      return undefined;
    const row = this.renewed(bias);
    const flat = bias.shape.length === 1 ? row : this.builder.reshape(row, [columns]);
    const sum = this.builder.add('Gemm', [...gemm.inputs, flat], gemm.attributes);
    return this.builder.reshape(sum, stack.shape);
  }

  /** A sum of products: each starts from the sum so far. */
  #accumulated(terms: readonly Value[]): Value | undefined {
    const products = terms.filter((term) => this.#openProduct(term));
    if (products.length === 0 || !terms.every((term) => sameShape(term.shape, terms[0].shape)))
      return undefined;
    const others = terms.filter((term) => !products.includes(term)).map((term) => this.renewed(term));
    let sum = others.length > 1 ? this.builder.add('Sum', others) : others[0];
    for (const product of products) {
      const gemm = this.#openProduct(product)!;
      sum = sum ? this.builder.add('Gemm', [...gemm.inputs, sum], gemm.attributes) : this.renewed(product);
    }
    return sum;
  }
}

/** Whether Gemm may take `addend` as C: it spreads to the product's shape and no further. */
function spreadsTo(addend: Value, product: Value): boolean {
  const [rank, own] = [product.shape.length, addend.shape.length];
  return own <= rank && addend.shape.every((dim, i) => dim === 1 || dim === product.shape[i + rank - own]);
}
