import type { Graph, Node } from '../graph/graph.js';
import { removeDeadCode } from './dead-code.js';
import { fuse } from './fuse.js';
import { rewrite, type Rules } from './rewriter.js';
import { arithmetic } from './rules/arithmetic.js';
import { broadcasting } from './rules/broadcasting.js';
import { layout } from './rules/layout.js';
import { products } from './rules/products.js';

/** Everything done to a graph between tracing and writing it. Sources in `kept` stay, used or not. */
export function optimize(graph: Graph, kept: readonly Node[] = []): Graph {
  const simplified = removeDeadCode(rewrite(graph, RULES), kept);
  return removeDeadCode(fuse(simplified), kept);
}

const RULES = together(layout, arithmetic, broadcasting, products);

function together(...families: Rules[]): Rules {
  const ops = new Set(families.flatMap(Object.keys));
  return Object.fromEntries([...ops].map((op) => [op, families.flatMap((family) => family[op] ?? [])]));
}
