import type { Place } from './places.js';

/** Mean radius of the earth in metres (IUGG). */
const RADIUS = 6_371_008.8;
const RADIAN = Math.PI / 180;

/**
 * Distance of two places along the ground, on a sphere (haversine): within .6% of that on the ellipsoid, also for places that are
 * close together.
 *
 * @returns metres; NaN where a coordinate is
 * @example
 * ```ts
 * metresBetween({ lat: 40.7484, lon: -73.9857 }, { lat: 40.758, lon: -73.9855 }); // 1067.6
 * ```
 */
export function metresBetween(one: Place, other: Place): number {
  const sinLat = Math.sin(((other.lat - one.lat) * RADIAN) / 2);
  const sinLon = Math.sin(((other.lon - one.lon) * RADIAN) / 2);
  const cosines = Math.cos(one.lat * RADIAN) * Math.cos(other.lat * RADIAN);
  return 2 * RADIUS * Math.asin(Math.sqrt(Math.min(1, sinLat * sinLat + cosines * sinLon * sinLon)));
}

/**
 * Distances of many places from one.
 *
 * @param lats @param lons [places] degrees
 * @returns [places] metres, in `out` where given; NaN where a coordinate is
 * @example
 * ```ts
 * metresFrom({ lat: 40.7484, lon: -73.9857 }, [40.758, NaN], [-73.9855, -74]); // [1067.6, NaN]
 * ```
 */
export function metresFrom(
  from: Place,
  lats: ArrayLike<number>,
  lons: ArrayLike<number>,
  out: Float64Array = new Float64Array(lats.length),
): Float64Array {
  for (let k = 0; k < lats.length; k++) out[k] = metresBetween(from, { lat: lats[k], lon: lons[k] });
  return out;
}

/**
 * The center of some places: the direction of the mean of their unit vectors, which is right at the date line and the poles too.
 * For where a user usually is, give the places of the user's history before the question, each as often as it was visited.
 *
 * @param weights [places], from 0; 1 each by default
 * @returns undefined without a place, or where they are spread around the earth so that none is in the middle
 * @example
 * ```ts
 * const usual = centerOf([{ lat: 40.75, lon: -73.98 }, { lat: 40.76, lon: -73.98 }], [3, 1]); // {lat: 40.7525, lon: -73.98}
 * const away = usual && metresBetween(usual, { lat: 40.73, lon: -74 });
 * ```
 */
export function centerOf(places: readonly Place[], weights?: ArrayLike<number>): Place | undefined {
  let [x, y, z, sum] = [0, 0, 0, 0];
  places.forEach(({ lat, lon }, k) => {
    const weight = weights?.[k] ?? 1;
    x += weight * Math.cos(lat * RADIAN) * Math.cos(lon * RADIAN);
    y += weight * Math.cos(lat * RADIAN) * Math.sin(lon * RADIAN);
    z += weight * Math.sin(lat * RADIAN);
    sum += weight;
  });
  if (!(Math.hypot(x, y, z) > 1e-9 * sum)) return undefined;
  return { lat: Math.atan2(z, Math.hypot(x, y)) / RADIAN, lon: Math.atan2(y, x) / RADIAN };
}
