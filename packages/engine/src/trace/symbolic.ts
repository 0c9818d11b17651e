import { TowerkitError } from '@towerkit/core';

import { GraphBuilder } from '../graph/builder.js';
import { SymbolicDim, symbolsOf, type Dim } from '../graph/dim.js';
import type { Attribute, Graph, Node, Value } from '../graph/graph.js';
import type { TensorFunction, TensorSpec } from '../types.js';
import { traceTwice } from './host-randomness.js';
import { placesOf, sameAttribute, sameOperation } from './lockstep.js';
import { trace, type Trace, type TraceInput } from './trace.js';

/** Sizes to trace at: no real tensor has them by chance, and none is the product or sum of a few others. */
const PRIMES = [101, 211, 307, 401, 503, 601, 701, 809, 907, 1009, 1103, 1201];

/** Which attributes of an operator may follow a symbolic size; every other one must be the same at all sizes. */
const FOLLOWING: Readonly<Record<string, readonly string[]>> = {
  Input: ['shape'],
  Fill: ['shape', 'value'],
  Reshape: ['shape'],
  Expand: ['shape'],
  Einsum: ['shape'],
  Slice: ['starts', 'shape'],
  Split: ['sizes'],
  Tile: ['repeats'],
  Pad: ['pads'],
  Range: ['size'],
  TopK: ['k'],
  ScatterAdd: ['count'],
};

type Sizes = ReadonlyMap<string, number>;

/**
 * Traces a function whose inputs have named sizes. tfjs knows numbers only, so it is traced at several sizes
 * and the graphs are walked in lockstep: a number that changes must be a polynomial in the named sizes, of
 * degree one in each, found from the corners of a box of sizes and verified at one more point.
 */
export function traceSymbolic(fn: TensorFunction, specs: Record<string, TensorSpec>): Trace {
  const symbols = [...new Set(Object.values(specs).flatMap(({ shape }) => shape.filter(isName)))];
  if (symbols.length > 3)
    throw new TowerkitError(
      'BAD_SPEC',
      `at most three symbolic sizes are supported, got ${symbols.join(', ')}`,
    );
  const used = new Set(Object.values(specs).flatMap(({ shape }) => shape));
  const primes = PRIMES.filter((prime) => !used.has(prime));
  const corner = (bits: number, extra = 0): Sizes =>
    new Map(symbols.map((name, i) => [name, primes[3 * i + (extra || (bits >> i) & 1)]]));

  const first = traceTwice(fn, inputsAt(specs, corner(0)));
  if (symbols.length === 0) return first;
  const corners = Array.from({ length: 2 ** symbols.length }, (_, bits) => corner(bits));
  const check = corner(0, 2);
  const graphs = [...corners.slice(1), check].map((sizes) => trace(fn, inputsAt(specs, sizes)).graph);
  const graph = merge([first.graph, ...graphs], symbols, [...corners, check]);
  return { graph, random: first.random };
}

const isName = (size: number | string): size is string => typeof size === 'string';

const inputsAt = (specs: Record<string, TensorSpec>, sizes: Sizes): TraceInput[] =>
  Object.entries(specs).map(([name, { shape, dtype = 'float32' }]) => ({
    name,
    dtype,
    shape: shape.map((size) => (isName(size) ? sizes.get(size)! : size)),
  }));

/** One graph out of traces at several points, the last of which only verifies. */
function merge(graphs: readonly Graph[], symbols: readonly string[], points: readonly Sizes[]): Graph {
  const [first, ...others] = graphs;
  const places = graphs.map(placesOf);
  const builder = new GraphBuilder();
  const merged = new Map<Value, Value>();
  first.nodes.forEach((node, n) => {
    const peers = others.map(({ nodes }) => nodes[n]);
    if (peers.some((peer, g) => !peer || !sameOperation(node, places[0], peer, places[g + 1])))
      throw dependent(node, symbols, 'is not the same operation for every');
    builder.origin = node.origin;
    const inputs = node.inputs.map((input) => merged.get(input)!);
    const attributes = Object.fromEntries(
      Object.entries(node.attributes).map(([name, value]) => {
        const values = [value, ...peers.map((peer) => peer.attributes[name])];
        return [name, mergeAttribute(node, name, values, symbols, points)];
      }),
    );
    builder.addAll(node.op, inputs, attributes).forEach((value, i) => merged.set(node.outputs[i], value));
  });
  const longer = others.find(({ nodes }) => nodes.length !== first.nodes.length);
  if (longer) throw dependent(longer.nodes[first.nodes.length], symbols, 'is not there for every');
  return builder.finish(first.outputs.map(({ name, value }) => ({ name, value: merged.get(value)! })));
}

function mergeAttribute(
  node: Node,
  name: string,
  values: readonly Attribute[],
  symbols: readonly string[],
  points: readonly Sizes[],
): Attribute {
  if (values.every((value) => sameAttribute(value, values[0]))) return values[0];
  const fail = () => dependent(node, symbols, `its ${name} does not follow from`);
  if (!FOLLOWING[node.op]?.includes(name)) throw fail();
  const fitted = (numbers: readonly number[]): Dim => {
    const dim = fit(numbers, symbols, points);
    if (dim === undefined) throw fail();
    return dim;
  };
  if (typeof values[0] === 'number') return fitted(values as number[]);
  const lists = values as number[][];
  if (lists.some((list) => list.length !== lists[0].length)) throw fail();
  return lists[0].map((_, i) => fitted(lists.map((list) => list[i])));
}

/** The polynomial with these values at the corners, if its coefficients are whole and it holds at the last point. */
function fit(
  values: readonly number[],
  symbols: readonly string[],
  points: readonly Sizes[],
): Dim | undefined {
  const coefficients = values.slice(0, -1);
  symbols.forEach((name, i) => {
    const [low, high] = [points[0].get(name)!, points[1 << i].get(name)!];
    coefficients.forEach((_, bits) => {
      if ((bits >> i) & 1) return;
      const slope = (coefficients[bits | (1 << i)] - coefficients[bits]) / (high - low);
      coefficients[bits | (1 << i)] = slope;
      coefficients[bits] -= slope * low;
    });
  });
  if (!coefficients.every(Number.isSafeInteger)) return undefined;
  const monomial = (bits: number) =>
    symbols
      .filter((_, i) => (bits >> i) & 1)
      .sort()
      .join('*');
  const dim = SymbolicDim.of(new Map(coefficients.map((k, bits) => [monomial(bits), k])));
  return evaluate(dim, points.at(-1)!) === values.at(-1) ? dim : undefined;
}

function evaluate(dim: Dim, sizes: Sizes): number {
  if (typeof dim === 'number') return dim;
  let total = 0;
  for (const [monomial, k] of dim.terms)
    total += symbolsOf(monomial).reduce((product, name) => product * sizes.get(name)!, k);
  return total;
}

function dependent(node: Node, symbols: readonly string[], why: string): TowerkitError {
  return new TowerkitError('BATCH_DEPENDENT', `${node.origin} (${node.op}): ${why} ${symbols.join(', ')}`, {
    hint: 'Loops, constants and numbers computed from a symbolic size cannot be exported: use tensor operations whose result follows from the shapes, or export with that size fixed.',
    details: { operation: node.origin },
  });
}
