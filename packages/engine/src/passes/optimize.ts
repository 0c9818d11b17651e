import type { Graph, Node } from '../graph/graph.js';
import { removeDeadCode } from './dead-code.js';

/** Everything done to a graph between tracing and writing it. Nodes in `kept` stay, used or not. */
export function optimize(graph: Graph, kept: readonly Node[] = []): Graph {
  return removeDeadCode(graph, kept);
}
