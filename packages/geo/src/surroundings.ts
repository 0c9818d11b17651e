import type { GeoMap } from './map/geo-map.js';
import { requireClassTable } from './classes/class-table.js';
import { DEFAULT_CLASSES } from './classes/default-classes.js';
import { placeFeatures, type PlaceFeatures, type PlaceFeaturesOptions } from './place-features.js';
import { placeState, type MaybePlace } from './places.js';
import { DEFAULT_RADII, NEAREST_WITHIN, requireNearest, requireRadii } from './reach.js';
import { readMap, type ReadMapOptions } from './read-map.js';

/** Options of {@link surroundings}. */
export interface SurroundingsOptions extends PlaceFeaturesOptions, Omit<ReadMapOptions, 'around'> {}

/**
 * {@link readMap} and {@link placeFeatures} in one: of the file only what is near the places is kept.
 *
 * @throws TowerkitError what the two throw
 * @example
 * ```ts
 * const { names, columns, outside } = await surroundings('manhattan.osm.pbf', places, { radii: [100, 500] });
 * ```
 */
export async function surroundings(
  path: string,
  places: readonly MaybePlace[],
  options: SurroundingsOptions = {},
): Promise<PlaceFeatures & { readonly map: GeoMap }> {
  const { classes = DEFAULT_CLASSES, radii = DEFAULT_RADII, onBad } = options;
  const { nearest = [], nearestWithin = NEAREST_WITHIN } = options;
  requireClassTable(classes);
  requireNearest(Object.keys(classes), nearest, nearestWithin);
  const metres = Math.max(...requireRadii(radii), nearest.length > 0 ? nearestWithin : 0);
  const near = onBad === 'skip' ? places.filter((place) => placeState(place) !== 'bad') : places;
  const map = await readMap(path, { ...options, around: { places: near, metres } });
  return { ...(await placeFeatures(map, places, options)), map };
}
