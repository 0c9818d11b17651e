import { splitClasses, type SplitClasses } from '../classes/split-classes.js';
import type { ExtentOfPoints } from '../map/extent.js';
import type { MapBuilder } from '../map/map-builder.js';
import type { Path } from '../shapes/path.js';

/**
 * Hands a feature to the map. Its tags are its properties, and those of `properties.tags` where that is an object.
 *
 * @param seen takes every coordinate, also of features that belong to no class
 * @throws Error for what is no feature
 */
export function addFeature(feature: unknown, builder: MapBuilder, seen: ExtentOfPoints): void {
  if (!isObject(feature) || feature.type !== 'Feature') throw new Error('it is no feature');
  const classes = splitClasses(builder.matcher, tagsOf(feature.properties));
  if (feature.geometry === null || feature.geometry === undefined) return; // unlocated, RFC 7946 3.2
  addGeometry(feature.geometry, classes ?? NONE, builder, seen);
}

const NONE: SplitClasses = { points: [], lines: [], areas: [], centers: [] };

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function tagsOf(properties: unknown): Map<string, string> {
  const tags = new Map<string, string>();
  if (!isObject(properties)) return tags;
  for (const source of [properties, properties.tags])
    if (isObject(source))
      for (const [key, value] of Object.entries(source))
        if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
          tags.set(key, String(value));
  return tags;
}

function addGeometry(
  geometry: unknown,
  classes: SplitClasses,
  builder: MapBuilder,
  seen: ExtentOfPoints,
): void {
  if (!isObject(geometry)) throw new Error('its geometry is no object');
  const path = (points: unknown) => pathOf(points, seen);
  const polygon = (rings: unknown) => listOf(rings).map(path);
  const { coordinates } = geometry;
  switch (geometry.type) {
    case 'Point':
    case 'MultiPoint':
      for (const point of geometry.type === 'Point' ? [coordinates] : listOf(coordinates)) {
        const [lon, lat] = path([point]);
        builder.point(classes.points, lon, lat);
      }
      return;
    case 'LineString':
      return builder.line(classes.lines, [path(coordinates)]);
    case 'MultiLineString':
      return builder.line(classes.lines, listOf(coordinates).map(path));
    case 'Polygon':
      return addArea([polygon(coordinates)], classes, builder);
    case 'MultiPolygon':
      return addArea(listOf(coordinates).map(polygon), classes, builder);
    case 'GeometryCollection':
      for (const part of listOf(geometry.geometries)) addGeometry(part, classes, builder, seen);
      return;
    default:
      throw new Error(`there is no geometry of type ${JSON.stringify(geometry.type)}`);
  }
}

function addArea(polygons: readonly (readonly Path[])[], classes: SplitClasses, builder: MapBuilder): void {
  const outers = polygons.flatMap((rings) => rings.slice(0, 1));
  const inners = polygons.flatMap((rings) => rings.slice(1));
  if (outers.length > 0) builder.area(classes.areas, outers, inners, classes.centers);
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error('its coordinates are no list');
  return value;
}

function pathOf(points: unknown, seen: ExtentOfPoints): Path {
  const list = listOf(points);
  const path = new Float64Array(2 * list.length);
  list.forEach((point, k) => {
    const [lon, lat] = listOf(point);
    if (typeof lon !== 'number' || typeof lat !== 'number' || !(Math.abs(lon) <= 180 && Math.abs(lat) <= 90))
      throw new Error(`there is no longitude ${String(lon)}, latitude ${String(lat)}`);
    path[2 * k] = lon;
    path[2 * k + 1] = lat;
    seen.add(lon, lat);
  });
  return path;
}
