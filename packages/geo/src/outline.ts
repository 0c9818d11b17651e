import { TowerkitError } from './errors.js';
import { degreesOf } from './measure/earth.js';
import { AREA, LINE, type GeoMap } from './map/geo-map.js';

/** Classes that are drawn below places, from below: water, streets and buildings. */
const DRAWN = ['water', 'roads', 'buildings'];

/** A line, or an area with the rings of all its parts, of a class. */
export interface OutlineFeature {
  readonly type: 'Feature';
  readonly properties: { readonly class: string };
  readonly geometry: {
    readonly type: 'MultiLineString';
    /** Longitude and latitude in degrees. Areas are closed: the first point is the last. */
    readonly coordinates: readonly (readonly [lon: number, lat: number][])[];
  };
}

/** Lines to draw, as GeoJSON. */
export interface Outline {
  readonly type: 'FeatureCollection';
  readonly features: readonly OutlineFeature[];
}

/**
 * What a map has of some classes as lines to be drawn below places: of areas their rings. Degrees are rounded to five places, a metre.
 *
 * @param classes of lines and areas, by default those of `water`, `roads` and `buildings` that the map has
 * @throws TowerkitError `BAD_OPTION` for a class that the map does not have, or one of points
 * @example
 * ```ts
 * const map = await readMap('manhattan.osm.pbf');
 * await writeFile('ground.geojson', JSON.stringify(outlineOf(map)));
 * ```
 */
export function outlineOf(
  map: GeoMap,
  classes: readonly string[] = DRAWN.filter((name) => map.classNames.includes(name)),
): Outline {
  const rows = classes.map((name) => {
    const row = map.classNames.indexOf(name);
    if (row >= 0 && map.rules[row].kind !== 'points') return row;
    const drawable = map.classNames.filter((_, at) => map.rules[at].kind !== 'points');
    throw new TowerkitError('BAD_OPTION', `there are no lines or areas of the class "${name}"`, {
      hint: `classes of lines and areas are ${drawable.join(', ')}`,
      details: { option: 'classes', value: name },
    });
  });
  const { kinds, classStart, classes: ofShapes } = map.shapes;
  const features = rows.flatMap((row, at) => {
    const own: OutlineFeature[] = [];
    for (let shape = 0; shape < kinds.length; shape++) {
      const is = ofShapes.subarray(classStart[shape], classStart[shape + 1]).includes(row);
      if (!is || (kinds[shape] !== LINE && kinds[shape] !== AREA)) continue;
      const geometry = { type: 'MultiLineString' as const, coordinates: pathsOf(map, shape) };
      own.push({ type: 'Feature', properties: { class: classes[at] }, geometry });
    }
    return own;
  });
  return { type: 'FeatureCollection', features };
}

/** The parts of a line, or the rings of an area. */
function pathsOf({ shapes }: GeoMap, shape: number): [number, number][][] {
  const { chunkStart, pointFrom, pointTo, points } = shapes;
  const paths: [number, number][][] = [];
  for (let chunk = chunkStart[shape]; chunk < chunkStart[shape + 1]; chunk++) {
    // A chunk that begins where the last one ended goes on with it.
    const goesOn = chunk > chunkStart[shape] && pointFrom[chunk] === pointTo[chunk - 1];
    if (!goesOn) paths.push([]);
    for (let point = pointFrom[chunk] + (goesOn ? 1 : 0); point <= pointTo[chunk]; point++) {
      const [lon, lat] = degreesOf(points[3 * point], points[3 * point + 1], points[3 * point + 2]);
      paths.at(-1)!.push([rounded(lon), rounded(lat)]);
    }
  }
  return paths;
}

const rounded = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;
