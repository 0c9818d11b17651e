import { badOption, Matrix, requireCount, Rng } from '@towerkit/core';

import { TowerkitError } from './errors.js';
import { EARTH, onGlobe, type Coordinates } from './globe.js';

/**
 * How coordinates become rows whose inner products fall with the distance; plain JSON, so that it can be saved with a model.
 */
export interface LocationEncoding {
  readonly kind: 'location';
  /** Columns of degrees. */
  readonly latitude: string;
  readonly longitude: string;
  /** Distances, in kilometres, at which the inner product has fallen to .61 of its greatest value: [lengths]. */
  readonly lengths: readonly number[];
  /** Waves of each length; a row has a cosine and a sine of each. */
  readonly waves: number;
  /** Degrees that stand for an unknown place where both columns hold them. */
  readonly unknown?: number;
}

/** Values of a row: [lengths * waves * 2]. */
export const locationWidth = ({ lengths, waves }: Pick<LocationEncoding, 'lengths' | 'waves'>): number =>
  2 * waves * lengths.length;

/** @throws TowerkitError `BAD_OPTION` for lengths that are none, or waves that are not 1, 2, ... */
export function locationEncoding({
  lengths = [0.3, 1, 4],
  waves = 32,
  ...rest
}: Pick<LocationEncoding, 'latitude' | 'longitude' | 'unknown'> &
  Partial<Pick<LocationEncoding, 'lengths' | 'waves'>>): LocationEncoding {
  requireCount('waves', waves);
  if (lengths.length === 0 || !lengths.every((length) => length > 0 && length <= EARTH))
    throw badOption('lengths', lengths, `must be distances in kilometres, above 0 and at most ${EARTH}`);
  return { kind: 'location', lengths, waves, ...rest };
}

/**
 * Reads a place. What is missing in either column is unknown, and so is 0, 0, where maps put what they cannot find.
 *
 * @returns `null` where it is not known, or what is wrong with it
 */
export function coordinatesOf(
  latitude: number | null,
  longitude: number | null,
  { unknown }: Pick<LocationEncoding, 'unknown'> = {},
): Coordinates | null | string {
  if (latitude === null || longitude === null) return null;
  if (latitude === longitude && (latitude === 0 || latitude === unknown)) return null;
  if (!(Math.abs(latitude) <= 90))
    return Math.abs(longitude) <= 90 && Math.abs(latitude) <= 180
      ? `latitude ${latitude} is beyond 90 degrees; latitude and longitude seem to be swapped`
      : `latitude ${latitude} is beyond 90 degrees`;
  if (!(Math.abs(longitude) <= 180)) return `longitude ${longitude} is beyond 180 degrees`;
  return { latitude, longitude };
}

/**
 * Places as random Fourier features (Rahimi and Recht 2007) of their positions on the globe, [places, width]: the inner product of two
 * rows is about the mean over lengths l of exp(-d^2 / 2 l^2), d the distance through the Earth in kilometres, which is that on the
 * ground where places are near. There is no projection, so that the date line and the poles are places like others. A row of an
 * unknown place is zeros.
 *
 *     x = EARTH (cos lat cos lon, cos lat sin lon, sin lat)
 *     row = sqrt(1 / (lengths waves)) (cos w x, sin w x) for w of N(0, 1 / l^2)^3
 *
 * @param places null where one is not known
 * @example
 * ```ts
 * const encoding = locationEncoding({ latitude: 'lat', longitude: 'lon', lengths: [1] });
 * encodeLocations([{ latitude: 48.86, longitude: 2.35 }, null], encoding).row(0).length; // 64
 * ```
 */
export function encodeLocations(
  places: ArrayLike<Coordinates | null>,
  encoding: Pick<LocationEncoding, 'lengths' | 'waves'>,
): Matrix {
  const { lengths, waves } = encoding;
  // The same waves always: an encoding is known by its lengths and their number.
  const rng = new Rng(0).fork('location');
  const frequencies = lengths.flatMap((length) =>
    Array.from({ length: waves }, () => [
      rng.normal() / length,
      rng.normal() / length,
      rng.normal() / length,
    ]),
  );
  const width = locationWidth(encoding);
  const scale = Math.sqrt(1 / frequencies.length);
  const out = new Matrix(places.length, width);
  for (let row = 0; row < places.length; row++) {
    const place = places[row];
    if (place === null) continue;
    const [x, y, z] = onGlobe(place);
    frequencies.forEach(([a, b, c], wave) => {
      const phase = a * x + b * y + c * z;
      out.data[row * width + 2 * wave] = scale * Math.cos(phase);
      out.data[row * width + 2 * wave + 1] = scale * Math.sin(phase);
    });
  }
  return out;
}

/** Columns of degrees as places. @throws TowerkitError `BAD_VALUE` naming the row of one that is none */
export function placesOf(
  latitudes: readonly (number | null)[],
  longitudes: readonly (number | null)[],
  encoding: LocationEncoding,
  rowName: (row: number) => string,
): (Coordinates | null)[] {
  return latitudes.map((latitude, row) => {
    const place = coordinatesOf(latitude, longitudes[row], encoding);
    if (typeof place !== 'string') return place;
    throw new TowerkitError('BAD_VALUE', `${rowName(row)}: ${place}`, {
      hint: 'mend the value, or leave it empty where it is not known',
      details: { row, latitude: encoding.latitude, longitude: encoding.longitude },
    });
  });
}
