import Flatbush from 'flatbush';

import { latDegrees, lonDegrees } from '../measure/earth.js';
import type { Place } from '../places.js';
import type { Box } from '../shapes/path.js';

/** Boxes to look at so that nothing within so many metres of a point is missed, also across the date line. */
export function boxesAround({ lon, lat }: Place, metres: number): Box[] {
  const [dLon, dLat] = [lonDegrees(metres, lat), latDegrees(metres)];
  const [south, north] = [lat - dLat, lat + dLat];
  if (dLon >= 180) return [{ west: -Infinity, south, east: Infinity, north }];
  return [0, 360, -360].map((turn) => ({
    ...{ west: lon - dLon + turn, south, east: lon + dLon + turn, north },
  }));
}

/** The surroundings of some places: what is in none of them need not be kept. */
export class Nearby {
  readonly #index: Flatbush | undefined;

  constructor(places: readonly Place[], metres: number) {
    const boxes = places.flatMap((place) => boxesAround(place, metres));
    if (boxes.length === 0) return;
    this.#index = new Flatbush(boxes.length);
    for (const { west, south, east, north } of boxes)
      this.#index.add(Math.max(west, -1e3), south, Math.min(east, 1e3), north);
    this.#index.finish();
  }

  touches({ west, south, east, north }: Box): boolean {
    return this.#index !== undefined && this.#index.collides(west, south, east, north);
  }
}
