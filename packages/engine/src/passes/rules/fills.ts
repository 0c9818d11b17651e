import type { Value } from '../../graph/graph.js';

/** The number that fills a tensor, where it is a constant filled with one. */
export function fillOf({ node }: Value): number | undefined {
  if (node.op !== 'Fill') return undefined;
  const { value } = node.attributes;
  return typeof value === 'number' ? value : undefined;
}
