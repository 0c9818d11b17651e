import { TowerkitError } from './errors.js';

/** A point in degrees of WGS 84, as phones and maps have it. */
export interface Place {
  /** -90 to 90. */
  readonly lat: number;
  /** -180 to 180. */
  readonly lon: number;
}

/** A place whose coordinates may be missing. */
export interface MaybePlace {
  readonly lat: number | null | undefined;
  readonly lon: number | null | undefined;
}

/** What a row of coordinates is. */
export type PlaceState = 'known' | 'unknown' | 'bad';

/**
 * Whether coordinates can be used. Missing ones are unknown, and so are exactly -1, -1 and 0, 0, which stand for missing in
 * many files (both lie in the sea); bad are those out of range.
 *
 * @example
 * ```ts
 * placeState({ lat: 40.7, lon: -73.9 }); // known
 * placeState({ lat: -1, lon: -1 }); // unknown
 * placeState({ lat: -173.9, lon: 40.7 }); // bad
 * ```
 */
export function placeState({ lat, lon }: MaybePlace): PlaceState {
  if (lat == null || lon == null || Number.isNaN(lat) || Number.isNaN(lon)) return 'unknown';
  if ((lat === -1 && lon === -1) || (lat === 0 && lon === 0)) return 'unknown';
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? 'known' : 'bad';
}

/** Whether coordinates can be used, see {@link placeState}. */
export const isKnown = (place: MaybePlace): place is Place => placeState(place) === 'known';

/** @throws TowerkitError `BAD_VALUE` for coordinates out of range, with `details.row` */
export function requireInRange(places: readonly MaybePlace[]): void {
  const row = places.findIndex((place) => placeState(place) === 'bad');
  if (row < 0) return;
  const { lat, lon } = places[row];
  const swapped = Math.abs(Number(lon)) <= 90 && Math.abs(Number(lat)) <= 180;
  throw new TowerkitError('BAD_VALUE', `place ${row}: there is no latitude ${lat}, longitude ${lon}`, {
    hint: swapped
      ? 'latitude and longitude are probably swapped'
      : 'latitudes are from -90 to 90, longitudes from -180 to 180',
    details: { row, lat, lon },
  });
}
