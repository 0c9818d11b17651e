import clipping from 'polygon-clipping';

import { haveContacts } from './contacts.js';
import { boxOf, reversed, twiceArea, withoutRepeats, type Path } from './path.js';

/** The rings of an area: outer ones against the clock, holes with it, so that the sum of their signed areas is the area. */
export interface AreaRings {
  readonly rings: readonly Path[];
  /** Whether the rings crossed or touched each other, and were cut apart. */
  readonly repaired: boolean;
}

/**
 * Brings the rings of an area into order: what an outer ring winds around counts once, also where it crosses itself or another
 * outer ring; holes are taken away. Rings that are fine as they are stay as they are.
 *
 * @param outers rings in degrees; @param inners rings of holes
 * @returns undefined where nothing is left, or the rings make no sense
 */
export function areaRings(outers: readonly Path[], inners: readonly Path[]): AreaRings | undefined {
  const [outside, holes] = [outers.map(withoutRepeats), inners.map(withoutRepeats)].map((rings) =>
    rings.filter((ring) => ring.length >= 8),
  );
  if (outside.length === 0) return undefined;
  const all = [...outside, ...holes];
  if (!all.every(closes)) return undefined;
  if (!haveContacts(all) && inOrder(outside, holes)) {
    const rings = [
      ...outside.map((ring) => (twiceArea(ring) < 0 ? reversed(ring) : ring)),
      ...holes.map((ring) => (twiceArea(ring) > 0 ? reversed(ring) : ring)),
    ];
    return { rings, repaired: false };
  }
  const rings = cutApart(outside, holes);
  return rings && { rings, repaired: true };
}

const closes = (ring: Path) => ring[0] === ring.at(-2) && ring[1] === ring.at(-1);

/** Whether each hole lies in an outer ring, and no outer ring in another; the rings have no contacts. */
function inOrder(outers: readonly Path[], holes: readonly Path[]): boolean {
  if (outers.length === 1 && holes.length === 0) return true;
  const boxes = outers.map((ring) => boxOf([ring]));
  const around = (ring: Path, self: number) =>
    outers.filter((outer, row) => {
      const { west, south, east, north } = boxes[row];
      const [x, y] = [ring[0], ring[1]];
      return row !== self && x >= west && x <= east && y >= south && y <= north && isInside(x, y, outer);
    }).length;
  return (
    outers.every((ring, row) => around(ring, row) === 0) &&
    holes.every((ring, row) => around(ring, -1) === 1 && !isInsideAny(ring, holes, row))
  );
}

const isInsideAny = (ring: Path, others: readonly Path[], self: number): boolean =>
  others.some((other, row) => row !== self && isInside(ring[0], ring[1], other));

/** Whether a point is in a simple ring; by the edges that a ray to the east meets. */
export function isInside(x: number, y: number, ring: Path): boolean {
  let inside = false;
  for (let k = 2; k < ring.length; k += 2) {
    const [ax, ay, bx, by] = [ring[k - 2], ring[k - 1], ring[k], ring[k + 1]];
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}

/** Degrees that points are moved by in further tries: a hundredth of a millimetre. */
const SHIFTS = [0, 1e-10, -1e-10, 2e-10];

/**
 * Rings cut apart. The library gives up on some rings where many points and edges fall together, and now and then on one in some
 * thousands is wrong about such rings: so a result counts once another try, with the points moved a little, has the same area.
 */
function cutApart(outers: readonly Path[], holes: readonly Path[]): Path[] | undefined {
  const { west, south, east, north } = boxOf(outers);
  const points = outers.reduce((sum, ring) => sum + ring.length, 0);
  const slack = 4 * SHIFTS[3] * points * (east - west + north - south);
  const tries: { rings: Path[]; area: number }[] = [];
  for (const shift of SHIFTS)
    try {
      const rings = clipped(
        outers.map((ring) => asPolygon(ring, shift)),
        holes.map((ring) => asPolygon(ring, shift)),
      );
      const area = rings.reduce((sum, ring) => sum + twiceArea(ring), 0);
      const agreed = tries.find((other) => Math.abs(other.area - area) <= slack);
      if (agreed) return agreed.area > slack ? agreed.rings : undefined;
      tries.push({ rings, area });
    } catch {
      continue; // it gave up
    }
  return undefined;
}

function clipped([first, ...rest]: readonly Polygon[], holes: readonly Polygon[]): Path[] {
  const together = clipping.union(first, ...rest);
  const left = holes.length > 0 ? clipping.difference(together, ...holes) : together;
  return left.flatMap(([outer, ...inner]) => [
    ...[asPath(outer)].map((ring) => (twiceArea(ring) < 0 ? reversed(ring) : ring)),
    ...inner.map(asPath).map((ring) => (twiceArea(ring) > 0 ? reversed(ring) : ring)),
  ]);
}

type Polygon = [number, number][][];

/** @param shift the most a point is moved by, always the same way */
const asPolygon = (ring: Path, shift: number): Polygon => {
  const last = ring.length / 2 - 1;
  const moved = (at: number) => ring[at] + shift * (((at % (2 * last)) * 0.618034) % 1);
  return [Array.from({ length: last + 1 }, (_, k): [number, number] => [moved(2 * k), moved(2 * k + 1)])];
};

const asPath = (ring: readonly (readonly number[])[]): Path => Float64Array.from(ring.flat());
