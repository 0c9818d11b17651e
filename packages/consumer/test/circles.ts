/**
 * Circles of a directed graph, such as that of files and their imports.
 *
 * @param edges the nodes, each with those it points to; what is no node itself is passed over
 * @returns a shortest circle through each node that is in none of those before it, first node repeated at the end
 */
export function circles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const covered = new Set<string>();
  for (const node of edges.keys()) {
    if (covered.has(node)) continue;
    const circle = shortestCircle(node, edges);
    if (circle === undefined) continue;
    found.push(circle);
    for (const member of circle) covered.add(member);
  }
  return found;
}

/** Breadth first from `start` until an edge leads back to it. */
function shortestCircle(start: string, edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const paths = [[start]];
  const seen = new Set([start]);
  for (const path of paths)
    for (const next of edges.get(path.at(-1)!) ?? []) {
      if (next === start) return [...path, start];
      if (seen.has(next)) continue;
      seen.add(next);
      paths.push([...path, next]);
    }
  return undefined;
}
