import type { Graph, Node } from '../graph/graph.js';

/** Keeps the nodes that an output depends on, and those in `kept`, in their order. */
export function removeDeadCode(graph: Graph, kept: readonly Node[] = []): Graph {
  const live = new Set(kept);
  const pending = graph.outputs.map(({ value }) => value.node);
  while (pending.length > 0) {
    const node = pending.pop()!;
    if (live.has(node)) continue;
    live.add(node);
    for (const input of node.inputs) pending.push(input.node);
  }
  return { ...graph, nodes: graph.nodes.filter((node) => live.has(node)) };
}
