import { reversed, type Path } from './path.js';

/** A way of a relation: its coordinates, and the nodes at its ends. */
export interface EndedWay {
  readonly first: number;
  readonly last: number;
  readonly path: Path;
}

/**
 * Joins the ways of a multipolygon at their common end nodes into rings.
 *
 * @returns undefined where ways are left over: a ring is not whole
 */
export function joinWays(ways: readonly EndedWay[]): Path[] | undefined {
  const rings: Path[] = [];
  const open = new Map<number, EndedWay[]>();
  const left = new Set<EndedWay>();
  for (const way of ways)
    if (way.first === way.last) rings.push(way.path);
    else {
      left.add(way);
      for (const node of [way.first, way.last]) open.set(node, [...(open.get(node) ?? []), way]);
    }
  for (const start of left) {
    left.delete(start);
    const parts = [start.path];
    let end = start.last;
    while (end !== start.first) {
      const next = open.get(end)?.find((way) => left.has(way));
      if (next === undefined) return undefined;
      left.delete(next);
      parts.push(next.first === end ? next.path : reversed(next.path));
      end = next.first === end ? next.last : next.first;
    }
    rings.push(joined(parts));
  }
  return rings;
}

/** Paths one after the other; each begins where the one before ends. */
function joined(parts: readonly Path[]): Path {
  const length = parts.reduce((sum, part) => sum + part.length - 2, 2);
  const out = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length - 2;
  }
  return out;
}
