import Flatbush from 'flatbush';

import type { Path } from './path.js';

/**
 * Whether edges of some rings cross or touch each other, other than neighbors at the point they share. Rings without a contact
 * are simple and lie beside or within each other.
 */
export function haveContacts(rings: readonly Path[]): boolean {
  const edges = rings.reduce((sum, ring) => sum + ring.length / 2 - 1, 0);
  return edges <= FEW ? amongFew(rings) : amongMany(rings, edges);
}

/** Up to so many edges each pair is looked at. */
const FEW = 24;

function amongFew(rings: readonly Path[]): boolean {
  for (let i = 0; i < rings.length; i++)
    for (let a = 0; a + 3 < rings[i].length; a += 2)
      for (let j = i; j < rings.length; j++)
        for (let b = j === i ? a + 2 : 0; b + 3 < rings[j].length; b += 2)
          if (inContact(rings[i], a, rings[j], b)) return true;
  return false;
}

function amongMany(rings: readonly Path[], edges: number): boolean {
  const index = new Flatbush(edges);
  const [ringOf, placeOf] = [new Uint32Array(edges), new Uint32Array(edges)];
  let edge = 0;
  rings.forEach((ring, row) => {
    for (let a = 0; a + 3 < ring.length; a += 2, edge++) {
      ringOf[edge] = row;
      placeOf[edge] = a;
      const [ax, ay, bx, by] = [ring[a], ring[a + 1], ring[a + 2], ring[a + 3]];
      index.add(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by));
    }
  });
  index.finish();
  for (let one = 0; one < edges; one++) {
    const [ring, a] = [rings[ringOf[one]], placeOf[one]];
    const [ax, ay, bx, by] = [ring[a], ring[a + 1], ring[a + 2], ring[a + 3]];
    const meets = (other: number) => other > one && inContact(ring, a, rings[ringOf[other]], placeOf[other]);
    if (index.collides(Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by), meets))
      return true;
  }
  return false;
}

function inContact(one: Path, a: number, other: Path, b: number): boolean {
  if (one === other) {
    const last = one.length - 4;
    const follows = b === a + 2 || (a === 0 && b === last);
    if (follows) return foldsBack(one, a, b);
  }
  return segmentsMeet(
    ...([one[a], one[a + 1], one[a + 2], one[a + 3]] as const),
    ...([other[b], other[b + 1], other[b + 2], other[b + 3]] as const),
  );
}

/** Whether an edge goes back on the one before it. */
function foldsBack(ring: Path, a: number, b: number): boolean {
  const [first, second] = b === a + 2 ? [a, b] : [b, a];
  const [ux, uy] = [ring[first + 2] - ring[first], ring[first + 3] - ring[first + 1]];
  const [vx, vy] = [ring[second + 2] - ring[second], ring[second + 3] - ring[second + 1]];
  return ux * vy - uy * vx === 0 && ux * vx + uy * vy < 0;
}

function segmentsMeet(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
  dx: number,
  dy: number,
): boolean {
  if (Math.max(ax, bx) < Math.min(cx, dx) || Math.max(cx, dx) < Math.min(ax, bx)) return false;
  if (Math.max(ay, by) < Math.min(cy, dy) || Math.max(cy, dy) < Math.min(ay, by)) return false;
  const side = (px: number, py: number, qx: number, qy: number, x: number, y: number) =>
    Math.sign((qx - px) * (y - py) - (qy - py) * (x - px));
  return (
    side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy) <= 0 &&
    side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by) <= 0
  );
}
