import { svg } from './dom.js';

/** Lines of the ground as they come; asked for once. */
let asked;

/**
 * Draws water, streets and buildings that the server was given (`--ground`) below the points of a map; without any, nothing.
 *
 * @param {SVGElement} layer
 * @param {(lon: number, lat: number) => [number, number]} project degrees to units of the map
 * @param {[number, number]} size of the map
 */
export async function drawGround(layer, project, size) {
  asked ??= fetch('ground.geojson').then((answer) =>
    answer.status === 200 ? answer.json() : { features: [] },
  );
  const { features } = await asked;
  const paths = new Map();
  for (const { properties, geometry } of features) {
    const d = linesOf(geometry)
      .map((line) => pathOf(line, project, size))
      .join('');
    if (d !== '') paths.set(properties?.class, (paths.get(properties?.class) ?? '') + d);
  }
  layer.replaceChildren(
    ...[...paths].map(([name, d]) =>
      svg('path', { class: `ground-${/^[a-z]+$/.test(name) ? name : 'other'}`, d }),
    ),
  );
}

/** The lines of a geometry, and the rings of an area. */
function linesOf(geometry) {
  const { type, coordinates } = geometry ?? {};
  if (type === 'LineString') return [coordinates];
  if (type === 'MultiLineString' || type === 'Polygon') return coordinates;
  return type === 'MultiPolygon' ? coordinates.flat() : [];
}

/** A line as a path, or nothing where all of it lies beyond the map. */
function pathOf(line, project, [width, height]) {
  const points = line.map(([lon, lat]) => project(lon, lat));
  const inside = points.some(([x, y]) => x >= 0 && y >= 0 && x <= width && y <= height);
  return inside ? `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}` : '';
}
