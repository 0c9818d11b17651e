/**
 * Length of the part of a segment that lies in the circle around the origin.
 *
 * @returns in the unit of the coordinates
 */
export function lengthInCircle(ax: number, ay: number, bx: number, by: number, radius: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const squared = dx * dx + dy * dy;
  if (squared === 0) return 0;
  // |a + t d| = radius at t = middle - half and middle + half.
  const middle = -(ax * dx + ay * dy) / squared;
  const inside = middle * middle - (ax * ax + ay * ay - radius * radius) / squared;
  if (inside <= 0) return 0;
  const half = Math.sqrt(inside);
  const from = Math.max(0, middle - half);
  const to = Math.min(1, middle + half);
  return to > from ? (to - from) * Math.sqrt(squared) : 0;
}

/**
 * Signed area of the part of the triangle (origin, a, b) that lies in the circle around the origin: positive where the way
 * from a to b goes around the origin against the clock. The sum over the edges of a ring is the area of what it winds around
 * inside the circle (Green's theorem), exact and without a polygon for the circle.
 *
 * @returns in the square of the unit of the coordinates
 */
export function areaInCircle(ax: number, ay: number, bx: number, by: number, radius: number): number {
  const r2 = radius * radius;
  const a2 = ax * ax + ay * ay;
  const b2 = bx * bx + by * by;
  if (a2 <= r2 && b2 <= r2) return (ax * by - ay * bx) / 2;
  const dx = bx - ax;
  const dy = by - ay;
  const squared = dx * dx + dy * dy;
  if (squared === 0) return 0;
  const middle = -(ax * dx + ay * dy) / squared;
  const inside = middle * middle - (a2 - r2) / squared;
  const half = inside > 0 ? Math.sqrt(inside) : 0;
  const from = Math.max(0, middle - half);
  const to = Math.min(1, middle + half);
  if (!(to > from)) return sector(ax, ay, bx, by, r2); // it stays outside
  const px = ax + from * dx;
  const py = ay + from * dy;
  const qx = ax + to * dx;
  const qy = ay + to * dy;
  let area = (px * qy - py * qx) / 2;
  if (from > 0) area += sector(ax, ay, px, py, r2);
  if (to < 1) area += sector(qx, qy, bx, by, r2);
  return area;
}

/** Signed area of the sector between two directions, the shorter way around. */
export const sector = (ax: number, ay: number, bx: number, by: number, r2: number): number =>
  (r2 / 2) * Math.atan2(ax * by - ay * bx, ax * bx + ay * by);

/** Distance of the origin from a segment, squared. */
export function squaredDistance(ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const squared = dx * dx + dy * dy;
  const at = squared === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / squared));
  const x = ax + at * dx;
  const y = ay + at * dy;
  return x * x + y * y;
}
