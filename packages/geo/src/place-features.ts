import { setImmediate } from 'node:timers/promises';

import { badOption, type OnProgress } from '@towerkit/core';

import { TowerkitError } from './errors.js';
import type { GeoMap } from './map/geo-map.js';
import { addShapes, classColumns } from './measure/class-columns.js';
import { latDegrees, lonDegrees, Plane } from './measure/earth.js';
import { nearestOf } from './measure/nearest.js';
import { isKnown, placeState, requireInRange, type MaybePlace } from './places.js';
import { DEFAULT_RADII, NEAREST_WITHIN, requireNearest, requireRadii } from './reach.js';

/** Options of {@link placeFeatures}. */
export interface PlaceFeaturesOptions {
  /** Metres, each more than 0 and 50,000 at most, no two alike. Default 100, 200 and 500. */
  readonly radii?: readonly number[];
  /** Classes whose nearest thing is looked for; none by default. */
  readonly nearest?: readonly string[];
  /** Metres beyond which the nearest is missing, 50,000 at most. Default 2,000. */
  readonly nearestWithin?: number;
  /**
   * Whether what reaches into a circle counts with its whole length or area, as in the file of the restaurant study. Default
   * false: the part inside.
   */
  readonly whole?: boolean;
  /** What to do with coordinates out of range: `error` by default; `skip` makes their features missing. */
  readonly onBad?: 'error' | 'skip';
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** What stands around some places. */
export interface PlaceFeatures {
  /** Names of the columns: classes in the order of their table, each with its radii; then the nearest. */
  readonly names: readonly string[];
  /** By name, [places]: counts, metres (`_len`, `_nearest`) and square metres (`_area`); NaN where missing. */
  readonly columns: Readonly<Record<string, Float64Array>>;
  /** Places that have features. */
  readonly inside: number;
  /** Of these, places whose largest circle reaches beyond the map: what is outside is not counted. */
  readonly cut: number;
  /** Places that the map does not cover: all missing. */
  readonly outside: number;
  /** Places without coordinates, or with -1, -1 or 0, 0: all missing. */
  readonly unknown: number;
  /** Places with coordinates out of range that were skipped: all missing. */
  readonly bad: number;
}

/** Places between two turns of the event loop, in which progress is shown and a signal is heard. */
const TURN = 64;

/**
 * Measures what stands around places: for each class and radius how many things reach into the circle, and the length of lines and
 * the area of areas inside it; on request the distance to the nearest of a class. Metres on the ground, in the plane that touches
 * the earth at the place.
 *
 * @throws TowerkitError `BAD_OPTION`; `BAD_VALUE` for coordinates out of range, unless they are skipped; `EMPTY_DATA` without a
 *   place; `NO_OVERLAP` where the map covers none of the places; the signal's reason when it was aborted
 * @example
 * ```ts
 * const map = await readMap('manhattan.osm.pbf');
 * const { columns } = await placeFeatures(map, [{ lat: 40.7484, lon: -73.9857 }], { nearest: ['transport'] });
 * columns.roads_200m_len[0]; // metres of roads within 200 m
 * columns.transport_nearest[0]; // metres to the next stop
 * ```
 */
export async function placeFeatures(
  map: GeoMap,
  places: readonly MaybePlace[],
  options: PlaceFeaturesOptions = {},
): Promise<PlaceFeatures> {
  const {
    radii = DEFAULT_RADII,
    nearest = [],
    nearestWithin = NEAREST_WITHIN,
    whole = false,
    onBad = 'error',
  } = options;
  const looked = requireNearest(map.classNames, nearest, nearestWithin);
  const widest = Math.max(...requireRadii(radii));
  const reach = Math.max(widest, nearest.length > 0 ? nearestWithin : 0);
  if (map.within !== undefined && map.within < reach)
    throw badOption('radii', radii, `must not reach beyond the ${map.within} m that the map was read for`);
  if (onBad !== 'error' && onBad !== 'skip') throw badOption('onBad', onBad, 'must be error or skip');
  if (onBad === 'error') requireInRange(places);
  requireOverlap(map, places);

  const { names, columns, byClass } = classColumns(map.classNames, map.rules, radii, places.length);
  const distances = nearest.map(
    (name) => (columns[`${name}_nearest`] = new Float64Array(places.length).fill(NaN)),
  );
  const counts = { inside: 0, cut: 0, outside: 0, unknown: 0, bad: 0 };
  for (const [row, place] of places.entries()) {
    if (row % TURN === 0) {
      await setImmediate();
      options.signal?.throwIfAborted();
      options.onProgress?.({ stage: 'measure', done: row, total: places.length, unit: 'places' });
    }
    const state = stateOf(map, place);
    counts[state]++;
    if (state !== 'inside' || !isKnown(place)) continue;
    const { lat, lon } = place;
    if (!map.extent?.containsAround(lon, lat, lonDegrees(widest, lat), latDegrees(widest))) counts.cut++;
    const plane = new Plane(lon, lat);
    addShapes(map, map.around(place, widest), plane, { radii, whole }, byClass, row);
    nearestOf(map, place, plane, looked, nearestWithin).forEach((metres, k) => (distances[k][row] = metres));
  }
  return { names: [...names, ...nearest.map((name) => `${name}_nearest`)], columns, ...counts };
}

function stateOf({ extent }: GeoMap, place: MaybePlace): 'inside' | 'outside' | 'unknown' | 'bad' {
  if (isKnown(place)) return extent?.contains(place.lon, place.lat) ? 'inside' : 'outside';
  return placeState(place) === 'bad' ? 'bad' : 'unknown';
}

function requireOverlap({ extent }: GeoMap, places: readonly MaybePlace[]): void {
  if (places.length === 0) throw new TowerkitError('EMPTY_DATA', 'there is no place to describe');
  const known = places.filter(isKnown);
  if (known.some(({ lat, lon }) => extent?.contains(lon, lat))) return;
  const swapped = known.filter(({ lat, lon }) => extent?.contains(lat, lon)).length;
  const covered = extent
    ? `latitudes ${extent.south} to ${extent.north} and longitudes ${extent.west} to ${extent.east}`
    : 'nothing';
  throw new TowerkitError('NO_OVERLAP', `the map covers none of the ${places.length} places`, {
    hint:
      swapped > 0
        ? `with latitude and longitude swapped it would cover ${swapped} of them`
        : known.length === 0
          ? 'no place has coordinates'
          : `it covers ${covered}`,
    details: { places: places.length, known: known.length, swapped },
  });
}
