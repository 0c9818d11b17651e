import { badOption } from '@towerkit/core';
import { coordinatesOf, groundDistance, onGlobe, type Coordinates } from '@towerkit/data';

import { TowerkitError } from '../errors.js';
import type { Found, Near, RankedItems } from './question.js';

/** Half of a great circle, in kilometres: no two places are farther apart. */
export const FARTHEST = 20_038;

/** Columns of a catalog that say where an item is, in the order in which they are looked for. */
const COLUMNS = [
  ['latitude', 'longitude'],
  ['lat', 'lon'],
  ['lat', 'lng'],
  ['lat', 'long'],
];

/** What sets of places hold in both columns where they do not know a place, beside 0. */
const UNKNOWN = { unknown: -1 };

/**
 * Reads where items are from the columns `latitude` and `longitude` (or `lat` with `lon`, `lng` or `long`) of a catalog, numbers
 * or their text.
 *
 * @returns the coordinates of an item by its dense id, `undefined` where they are no place on the globe; `undefined` for a catalog
 *   without such columns
 */
export function placeReader(
  catalog: Readonly<Record<string, ArrayLike<unknown>>>,
): ((item: number) => Coordinates | undefined) | undefined {
  const names = COLUMNS.find((pair) => pair.every((name) => Object.hasOwn(catalog, name)));
  if (!names) return undefined;
  return (item) => {
    const [latitude, longitude] = names.map((name) => degreesOf(catalog[name][item]));
    if (latitude === undefined || longitude === undefined) return undefined;
    const place = coordinatesOf(latitude, longitude, UNKNOWN);
    return place === null || typeof place === 'string' ? undefined : place;
  };
}

/** A column that no feature reads is kept as text. */
function degreesOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
  return Number.isNaN(read) ? undefined : read;
}

/** Where the items are. */
export class ItemPlaces {
  private constructor(
    /** Positions from the centre of the Earth in kilometres, [items, 3]; NaN where a place is not known. */
    readonly positions: Float64Array,
  ) {}

  /**
   * Reads the columns `latitude` and `longitude` (or `lat` with `lon`, `lng` or `long`) of a catalog.
   *
   * @returns `undefined` where it has none; what is no place on the globe is not known
   */
  static of(catalog: Readonly<Record<string, ArrayLike<unknown>>>): ItemPlaces | undefined {
    const placeOf = placeReader(catalog);
    if (!placeOf) return undefined;
    const { length } = Object.values(catalog)[0];
    const positions = new Float64Array(3 * length).fill(NaN);
    for (let item = 0; item < length; item++) {
      const place = placeOf(item);
      if (place) positions.set(onGlobe(place), 3 * item);
    }
    return new ItemPlaces(positions);
  }

  /** Kilometres from a place to items, NaN where an item's place is not known. @param items all when absent */
  distances({ lat, lon }: Near, items?: ArrayLike<number>): Float64Array {
    const [x, y, z] = onGlobe({ latitude: lat, longitude: lon });
    const { positions } = this;
    const out = new Float64Array(items?.length ?? positions.length / 3);
    for (let place = 0; place < out.length; place++) {
      const at = 3 * (items?.[place] ?? place);
      out[place] = groundDistance(
        Math.hypot(positions[at] - x, positions[at + 1] - y, positions[at + 2] - z),
      );
    }
    return out;
  }

  /** The items, of these or of all, that lie within the radius. @returns ids in ascending order where `items` are */
  within(near: Near, items?: Float64Array): Float64Array | undefined {
    const { radiusKm } = near;
    if (radiusKm === undefined) return items;
    const distances = this.distances(near, items);
    const all = items ?? Float64Array.from(distances.keys());
    return all.filter((_, place) => distances[place] <= radiusKm);
  }

  /** Ranks again by score and distance; items of unknown place count as far as the farthest. */
  rank(best: RankedItems, near: Near): RankedItems {
    const { decay = 0 } = near;
    if (decay === 0) return best;
    const distances = this.distances(near, best.items);
    const known = distances.filter((distance) => !Number.isNaN(distance));
    const farthest = known.reduce((most, distance) => Math.max(most, distance), 0);
    const scores = best.scores.map((score, place) => {
      const distance = Number.isNaN(distances[place]) ? farthest : distances[place];
      return score - decay * Math.log1p(distance);
    });
    const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a]);
    return { items: order.map((place) => best.items[place]), scores: order.map((place) => scores[place]) };
  }

  /** An answer with the kilometres to its items. */
  shown(found: Found, near: Near | undefined): Found {
    return near ? { ...found, distances: Array.from(this.distances(near, found.items)) } : found;
  }
}

/**
 * The places of the items, for a question that asks by them.
 *
 * @throws TowerkitError `NO_PLACES` where the items have none; `BAD_OPTION` for a place that is none, or a radius or decay out of range
 */
export function placesFor(near: Near, places: ItemPlaces | undefined): ItemPlaces {
  const { lat, lon, radiusKm = FARTHEST, decay = 0 } = near;
  if (!places)
    throw new TowerkitError('NO_PLACES', 'near: the items of this artifact have no coordinates', {
      hint: 'name latitude and longitude among the columns of the catalog and train again, or leave out near',
    });
  if (!(Math.abs(lat) <= 90))
    throw badOption(
      'near.lat',
      lat,
      Math.abs(lat) <= 180 && Math.abs(lon) <= 90
        ? 'must be degrees from -90 to 90; latitude and longitude seem to be swapped'
        : 'must be degrees from -90 to 90',
    );
  if (!(Math.abs(lon) <= 180)) throw badOption('near.lon', lon, 'must be degrees from -180 to 180');
  if (!(radiusKm > 0 && radiusKm <= FARTHEST))
    throw badOption('near.radiusKm', radiusKm, `must be kilometres, above 0 and at most ${FARTHEST}`);
  if (!(decay >= 0 && decay < Infinity)) throw badOption('near.decay', decay, 'must be a number from 0');
  return places;
}
