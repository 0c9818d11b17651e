import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import geodesic from 'geographiclib-geodesic';

import { placeFeatures, readMap, type Place } from '../src/index.js';
import { collection, feature, withFile } from './map-file.js';

/*
 * The slow oracle: distances on the ellipsoid by GeographicLib; a line is cut into many pieces, of which those count whose middle
 * is near enough; an area is asked about points all over the circle. It shares nothing with the package.
 */
const earth = geodesic.Geodesic.WGS84;
const metres = (lat: number, lon: number, place: Place) => earth.Inverse(lat, lon, place.lat, place.lon).s12!;

type Point = readonly [lon: number, lat: number];

/** A difference of longitudes, the shorter way around. */
const turned = (degrees: number) => ((((degrees + 180) % 360) + 360) % 360) - 180;

function lengthInside(line: readonly Point[], place: Place, radius: number): number {
  const pieces = 200;
  let length = 0;
  for (let k = 1; k < line.length; k++) {
    const a = line[k - 1];
    const b = [a[0] + turned(line[k][0] - a[0]), line[k][1]];
    const along = (t: number): [number, number] => [a[1] + t * (b[1] - a[1]), a[0] + t * (b[0] - a[0])];
    for (let piece = 0; piece < pieces; piece++) {
      const [lat, lon] = along((piece + 0.5) / pieces);
      if (metres(lat, lon, place) >= radius) continue;
      const [from, to] = [along(piece / pieces), along((piece + 1) / pieces)];
      length += earth.Inverse(...from, ...to).s12!;
    }
  }
  return length;
}

function areaInside(rings: readonly (readonly Point[])[], place: Place, radius: number): number {
  const [steps, turns] = [40, 80];
  let inside = 0;
  for (let step = 0; step < steps; step++)
    for (let turn = 0; turn < turns; turn++) {
      const away = radius * Math.sqrt((step + 0.5) / steps); // rings of the same area
      const { lat2, lon2 } = earth.Direct(
        place.lat,
        place.lon,
        ((turn + (step % 2) / 2) * 360) / turns,
        away,
      );
      if (
        isInside([lon2!, lat2!], rings[0], place) &&
        !rings.slice(1).some((hole) => isInside([lon2!, lat2!], hole, place))
      )
        inside++;
    }
  return (Math.PI * radius ** 2 * inside) / (steps * turns);
}

/** How often a ring winds around a point is not 0; longitudes counted from the place, so that the date line is no edge. */
function isInside([lon, lat]: Point, ring: readonly Point[], place: Place): boolean {
  const from = (one: number) => turned(one - place.lon);
  let winding = 0;
  ring.forEach(([bLon, b], k) => {
    const [aLon, a] = ring.at(k - 1)!;
    const x = from(aLon) + ((lat - a) / (b - a)) * (from(bLon) - from(aLon));
    if (a <= lat && b > lat && x > from(lon)) winding++;
    if (b <= lat && a > lat && x > from(lon)) winding--;
  });
  return winding !== 0;
}

/** Of no class: the map covers the earth. */
const EVERYWHERE = feature({}, 'MultiPoint', [
  [-180, -90],
  [0, 0],
  [180, 90],
]);

/** Places anywhere, many of them at the date line, and up to 50 km from the poles. */
const somewhere: fc.Arbitrary<Place> = fc
  .record({
    lat: fc.oneof(fc.double({ min: -89.5, max: 89.5, noNaN: true }), fc.constantFrom(0, 89.5, -89.5, 60)),
    lon: fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(180, -180, 179.999)),
  })
  .filter(({ lat, lon }) => lat !== 0 || lon !== 0); // which stands for unknown

const offset = fc.double({ min: -1.6, max: 1.6, noNaN: true });

/** Points around a place, by their distance from it in radii. */
const around = (place: Place, radius: number, least: number, most: number): fc.Arbitrary<Point[]> =>
  fc.array(fc.tuple(offset, offset), { minLength: least, maxLength: most }).map((offsets) =>
    offsets.map(([east, north]): Point => {
      const { lat2, lon2 } = earth.Direct(
        ...([place.lat, place.lon, (Math.atan2(east, north) * 180) / Math.PI] as const),
        Math.hypot(east, north) * radius,
      );
      return [lon2!, lat2!];
    }),
  );

const scene = fc
  .record({ place: somewhere, radius: fc.constantFrom(10, 100, 500, 5000) })
  .chain(({ place, radius }) =>
    fc.record({
      place: fc.constant(place),
      radius: fc.constant(radius),
      points: around(place, radius, 0, 8),
      line: around(place, radius, 2, 5),
      ring: around(place, radius, 3, 7),
      hole: around(place, radius, 3, 4),
    }),
  );

test('random points, lines and areas, crossing themselves or not, as a slow oracle has them', async () => {
  await fc.assert(
    fc.asyncProperty(scene, async ({ place, radius, points, line, ring, hole }) => {
      const closed = (one: readonly Point[]) => [...one, one[0]];
      const features = [
        EVERYWHERE,
        ...points.map((point) => feature({ shop: 'yes' }, 'Point', point)),
        feature({ highway: 'road' }, 'LineString', line),
        feature({ building: 'yes' }, 'Polygon', [closed(ring)]),
        feature({ natural: 'scrub' }, 'Polygon', [closed(ring), closed(hole)]),
      ];
      const { columns } = await withFile('map.geojson', collection(features), async (path) =>
        placeFeatures(await readMap(path), [place], {
          radii: [radius],
          nearest: ['pois'],
          nearestWithin: 50_000,
        }),
      );
      const of = (name: string) => columns[name.replace('R', `${radius}m`)][0];
      const away = points.map(([lon, lat]) => metres(lat, lon, place));
      const edge = away.filter((one) => Math.abs(one - radius) < 1e-5 * radius).length;
      const near = away.filter((one) => one <= radius).length;
      expect(Math.abs(of('pois_R_count') - near)).toBeLessThanOrEqual(edge);
      if (away.length > 0)
        expect(Math.abs(columns.pois_nearest[0] - Math.min(...away))).toBeLessThan(1e-5 * radius);
      else expect(columns.pois_nearest[0]).toBe(NaN);
      const slack = 0.02 * radius * line.length;
      expect(Math.abs(of('roads_R_len') - lengthInside(line, place, radius))).toBeLessThan(slack);
      const some = 0.03 * Math.PI * radius ** 2;
      expect(Math.abs(of('buildings_R_area') - areaInside([ring], place, radius))).toBeLessThan(some);
      const pierced = areaInside([ring, hole], place, radius);
      expect(Math.abs(of('natural_R_area') - pierced)).toBeLessThan(some);
      expect(of('buildings_R_count')).toBe(of('buildings_R_area') > 0 ? 1 : 0);
    }),
    { numRuns: 25 },
  );
});

test('whole lengths and areas are those on the ellipsoid', async () => {
  await fc.assert(
    fc.asyncProperty(scene, async ({ place }) => {
      const sides = [0, 1, 2, 3, 4, 5].map((k) => earth.Direct(place.lat, place.lon, 60 * k, 400));
      const ring = sides.map(({ lat2, lon2 }): Point => [lon2!, lat2!]);
      const features = [
        EVERYWHERE,
        feature({ highway: 'road' }, 'LineString', ring),
        feature({ building: 'yes' }, 'Polygon', [[...ring, ring[0]]]),
      ];
      const { columns } = await withFile('map.geojson', collection(features), async (path) =>
        placeFeatures(await readMap(path), [place], { radii: [20_000] }),
      );
      const polygon = earth.Polygon(false);
      for (const [lon, lat] of ring) polygon.AddPoint(lat, lon);
      expect(columns.buildings_20000m_area[0] / Math.abs(polygon.Compute(false, true).area!)).toBeCloseTo(
        1,
        4,
      );
      expect(columns.roads_20000m_len[0] / (5 * 400)).toBeCloseTo(1, 4); // a hexagon's sides
    }),
    { numRuns: 40 },
  );
});
