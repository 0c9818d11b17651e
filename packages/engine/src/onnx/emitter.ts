import { symbolsOf, type Dim } from '../graph/dim.js';
import type { DType, TensorData, Value } from '../graph/graph.js';
import type { AttributeProto, ElementType, NodeProto, TensorProto } from './proto.js';

/** Attributes of an ONNX node by name; `{float}` marks a number that ONNX types as a float. */
export type OnnxAttributes = Readonly<
  Record<string, number | string | readonly number[] | { readonly float: number } | TensorProto>
>;

const bytesOf = (data: ArrayBufferView): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Collects the nodes and constants of an ONNX graph, and gives out names that no input has. */
export class Emitter {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly #names = new Map<Value, string>();
  readonly #constants = new Map<string, string>();
  readonly #sizes = new Map<Dim, string>();
  #count = 0;

  /**
   * @param taken the names of inputs and outputs
   * @param symbols where to read each symbolic size: an input and its axis
   */
  constructor(
    private readonly taken: ReadonlySet<string>,
    private readonly symbols: ReadonlyMap<string, { input: string; axis: number }> = new Map(),
  ) {}

  fresh(): string {
    let name: string;
    do name = `_${this.#count++}`;
    while (this.taken.has(name));
    return name;
  }

  bind(value: Value, name: string): void {
    this.#names.set(value, name);
  }

  nameOf(value: Value): string {
    const name = this.#names.get(value);
    if (name === undefined) throw new Error(`${value.node.op} is used before it is computed`);
    return name;
  }

  /** Adds a node with one new result and returns its name. */
  node(opType: string, inputs: readonly string[], attributes: OnnxAttributes = {}): string {
    const output = this.fresh();
    this.nodeInto(opType, inputs, [output], attributes);
    return output;
  }

  nodeInto(
    opType: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: OnnxAttributes = {},
  ): void {
    this.nodes.push({ opType, inputs, outputs, attributes: Object.entries(attributes).map(attributeProto) });
  }

  /** A constant; equal ones are stored once. */
  initializer(data: TensorData | BigInt64Array, dims: readonly number[], type: ElementType): string {
    const raw = bytesOf(data);
    const key = raw.length <= 256 ? `${type}[${dims.join()}]${raw.join()}` : undefined;
    const known = key && this.#constants.get(key);
    if (known) return known;
    const name = this.fresh();
    this.initializers.push({ name, type, dims, raw });
    if (key) this.#constants.set(key, name);
    return name;
  }

  scalar(value: number, dtype: DType): string {
    return this.initializer(dataOf([value], dtype), [], dtype);
  }

  /** A list of sizes as an int64 operand, computed at run time where a size is symbolic. */
  sizes(list: readonly Dim[]): string {
    if (list.every((dim) => typeof dim === 'number'))
      return this.initializer(BigInt64Array.from(list, BigInt), [list.length], 'int64');
    const parts = list.map((dim) => this.size(dim));
    return parts.length === 1 ? parts[0] : this.node('Concat', parts, { axis: 0 });
  }

  /** One size as an int64 tensor of shape [1]. */
  size(dim: Dim): string {
    if (typeof dim === 'number') return this.initializer(BigInt64Array.of(BigInt(dim)), [1], 'int64');
    let name = this.#sizes.get(dim);
    if (name) return name;
    const terms = [...dim.terms].map(([monomial, coefficient]) => {
      const factors = symbolsOf(monomial).map((symbol) => this.#symbol(symbol));
      if (coefficient !== 1 || factors.length === 0) factors.push(this.size(coefficient));
      return factors.reduce((a, b) => this.node('Mul', [a, b]));
    });
    name = terms.reduce((a, b) => this.node('Add', [a, b]));
    this.#sizes.set(dim, name);
    return name;
  }

  readonly #symbolNames = new Map<string, string>();

  #symbol(symbol: string): string {
    let name = this.#symbolNames.get(symbol);
    if (!name) {
      const { input, axis } = this.symbols.get(symbol)!;
      name = this.node('Shape', [input], { start: axis, end: axis + 1 });
      this.#symbolNames.set(symbol, name);
    }
    return name;
  }
}

/** Numbers in the storage of an element type. */
export function dataOf(values: readonly number[], dtype: DType): TensorData {
  if (dtype === 'float32') return Float32Array.from(values);
  return dtype === 'int32' ? Int32Array.from(values) : Uint8Array.from(values);
}

function attributeProto([name, value]: [string, OnnxAttributes[string]]): AttributeProto {
  if (typeof value === 'number') return { name, int: value };
  if (typeof value === 'string') return { name, string: value };
  if ('float' in value) return { name, float: value.float };
  if ('raw' in value) return { name, tensor: value };
  return { name, ints: value };
}
