import { AREA, type GeoMap } from '../map/geo-map.js';
import type { Place } from '../places.js';
import type { Plane } from './earth.js';
import { distanceTo } from './inside.js';

/** Metres of the first look around; each further one reaches four times as far. */
const FIRST = 125;

/**
 * Distance to the nearest shape of each class, by looking further and further around.
 *
 * @returns metres by class, 0 within an area; NaN where none is within `metres`
 */
export function nearestOf(
  map: GeoMap,
  place: Place,
  plane: Plane,
  classes: readonly number[],
  metres: number,
): number[] {
  const { shapes } = map;
  const nearest = classes.map(() => NaN);
  const wanted = new Map(classes.map((row, k) => [row, k]));
  for (let reach = Math.min(FIRST, metres); ; reach = Math.min(4 * reach, metres)) {
    const best = nearest.map(() => Infinity);
    for (const shape of map.around(place, reach)) {
      let distance: number | undefined;
      for (let k = shapes.classStart[shape]; k < shapes.classStart[shape + 1]; k++) {
        const at = wanted.get(shapes.classes[k]);
        if (at === undefined || !Number.isNaN(nearest[at])) continue;
        distance ??= distanceTo(shapes, shape, plane, shapes.kinds[shape] === AREA);
        best[at] = Math.min(best[at], distance);
      }
    }
    // What was found further away than everything was looked at may not be the nearest.
    best.forEach((distance, k) => {
      if (distance <= reach) nearest[k] = distance;
    });
    if (reach >= metres || !nearest.some(Number.isNaN)) return nearest;
  }
}
