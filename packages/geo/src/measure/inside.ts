import { CHUNK, type Shapes } from '../map/geo-map.js';
import { areaInCircle, lengthInCircle, sector, squaredDistance } from './circle-parts.js';
import type { Plane } from './earth.js';

/**
 * Length of a line inside the circle around the point of a plane.
 *
 * @returns metres
 */
export function lengthInside(shapes: Shapes, shape: number, plane: Plane, radius: number): number {
  const { chunkStart, chunks, pointFrom, pointTo, points } = shapes;
  let length = 0;
  for (let chunk = chunkStart[shape]; chunk < chunkStart[shape + 1]; chunk++) {
    const away = awayFrom(chunks, chunk, plane);
    const ball = chunks[CHUNK * chunk + 3];
    if (away - ball >= radius) continue;
    if (away + ball <= radius) {
      length += chunks[CHUNK * chunk + 4];
      continue;
    }
    let k = 3 * pointFrom[chunk];
    let ax = plane.x(points, k);
    let ay = plane.y(points, k);
    for (const last = 3 * pointTo[chunk]; k < last;) {
      k += 3;
      const bx = plane.x(points, k);
      const by = plane.y(points, k);
      length += lengthInCircle(ax, ay, bx, by, radius);
      ax = bx;
      ay = by;
    }
  }
  return length;
}

/**
 * Area of an area inside the circle around the point of a plane. Of edges that are out of reach only the angle counts that they
 * go around the circle by, which their ends say.
 *
 * @returns square metres
 */
export function areaInside(shapes: Shapes, shape: number, plane: Plane, radius: number): number {
  const { chunkStart, chunks, pointFrom, pointTo, points } = shapes;
  const r2 = radius * radius;
  let area = 0;
  for (let chunk = chunkStart[shape]; chunk < chunkStart[shape + 1]; chunk++) {
    let k = 3 * pointFrom[chunk];
    const last = 3 * pointTo[chunk];
    let ax = plane.x(points, k);
    let ay = plane.y(points, k);
    if (awayFrom(chunks, chunk, plane) - chunks[CHUNK * chunk + 3] >= radius) {
      area += sector(ax, ay, plane.x(points, last), plane.y(points, last), r2);
      continue;
    }
    while (k < last) {
      k += 3;
      const bx = plane.x(points, k);
      const by = plane.y(points, k);
      area += areaInCircle(ax, ay, bx, by, radius);
      ax = bx;
      ay = by;
    }
  }
  return area > EMPTY * r2 ? area : 0;
}

/** What rounding leaves of an area that is outside, as a share of the square of the radius. */
const EMPTY = 1e-9;

/**
 * Distance of a shape from the point of a plane: 0 within an area.
 *
 * @returns metres
 */
export function distanceTo(shapes: Shapes, shape: number, plane: Plane, isArea: boolean): number {
  const { chunkStart, chunks, pointFrom, pointTo, points } = shapes;
  let nearest = Infinity; // squared
  let angle = 0;
  for (let chunk = chunkStart[shape]; chunk < chunkStart[shape + 1]; chunk++) {
    if (pointFrom[chunk] === pointTo[chunk]) return awayFrom(chunks, chunk, plane);
    let k = 3 * pointFrom[chunk];
    let ax = plane.x(points, k);
    let ay = plane.y(points, k);
    for (const last = 3 * pointTo[chunk]; k < last;) {
      k += 3;
      const bx = plane.x(points, k);
      const by = plane.y(points, k);
      nearest = Math.min(nearest, squaredDistance(ax, ay, bx, by));
      if (isArea) angle += Math.atan2(ax * by - ay * bx, ax * bx + ay * by);
      ax = bx;
      ay = by;
    }
  }
  return isArea && angle > Math.PI ? 0 : Math.sqrt(nearest);
}

function awayFrom(chunks: Float64Array, chunk: number, plane: Plane): number {
  const x = plane.x(chunks, CHUNK * chunk);
  const y = plane.y(chunks, CHUNK * chunk);
  return Math.sqrt(x * x + y * y);
}
