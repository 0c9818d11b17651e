import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { placeFeatures, readMap, surroundings } from '../src/index.js';
import { collection, feature, moved, withFile, type Feature } from './map-file.js';
import { sharedFile } from './shared.js';

const HERE = { lat: 40, lon: -75 };
const at = (east: number, north: number) => moved(HERE, east, north);
const box = (west: number, south: number, east: number, north: number) => [
  at(west, south),
  at(east, south),
  at(east, north),
  at(west, north),
  at(west, south),
];

const FEATURES: readonly Feature[] = [
  feature({ amenity: 'cafe' }, 'Point', at(60, 0)),
  feature({ shop: 'books' }, 'Point', at(0, -150)),
  feature({ amenity: 'parking' }, 'Point', at(-20, 0)), // traffic, no poi
  feature({ place: 'suburb' }, 'Point', at(0, 450)),
  feature({ highway: 'bus_stop' }, 'Point', at(100.1, 0)),
  feature({ highway: 'primary' }, 'LineString', [at(-1000, 0), at(1000, 0)]),
  feature({ highway: 'footway' }, 'LineString', [at(-1000, 60), at(0, 60), at(1000, 60)]),
  feature({ highway: 'service', area: 'yes' }, 'LineString', [at(-10, 0), at(10, 0)]),
  feature({ railway: 'tram' }, 'MultiLineString', [[at(150, -50), at(150, 50)], [at(160, -50), at(160, 50)]]), // prettier-ignore
  feature({ waterway: 'stream' }, 'LineString', [at(600, -700), at(600, 700)]),
  feature({ building: 'yes' }, 'Polygon', [box(10, 10, 30, 20)]),
  feature({ building: 'no' }, 'Polygon', [box(10, 10, 30, 20)]),
  feature({ building: 'yes' }, 'Polygon', [box(-50, -50, -10, -10), box(-40, -40, -20, -20)]),
  feature({ building: 'yes' }, 'MultiPolygon', [[box(110, 0, 120, 10)], [box(130, 0, 140, 10)]]),
  feature({ landuse: 'residential' }, 'Polygon', [box(-2000, -2000, 2000, 2000)]),
  feature({ natural: 'scrub' }, 'Polygon', [box(0, -1000, 1000, 1000)]),
  feature({ natural: 'water' }, 'Polygon', [box(-5, -5, 5, 5)]),
];

const NAMES = [
  ...['pois', 'places', 'traffic', 'transport'].flatMap((name) =>
    [100, 200, 500].map((radius) => `${name}_${radius}m_count`),
  ),
  ...Object.entries({ roads: 'len', railways: 'len', waterways: 'len' }).flatMap(both),
  ...Object.entries({ buildings: 'area', landuse: 'area', natural: 'area', water: 'area' }).flatMap(both),
];
function both([name, what]: [string, string]) {
  return [100, 200, 500].flatMap((radius) => [`${name}_${radius}m_count`, `${name}_${radius}m_${what}`]);
}

const features = (options = {}) =>
  withFile('map.geojson', collection(FEATURES), (path) => surroundings(path, [HERE], options));

test('counts, metres and square metres of shapes whose measures are known', async () => {
  const { names, columns } = await features();
  expect(names).toEqual(NAMES);
  const of = (name: string) => [100, 200, 500].map((radius) => columns[name.replace('R', `${radius}m`)][0]);
  const about = (values: number[]) => values.map((value) => expect.closeTo(value, value > 1e5 ? -1 : 1));
  expect(of('pois_R_count')).toEqual([1, 2, 2]);
  expect(of('traffic_R_count')).toEqual([1, 1, 1]);
  expect(of('places_R_count')).toEqual([0, 0, 1]);
  expect(of('transport_R_count')).toEqual([0, 1, 1]);
  expect(of('roads_R_count')).toEqual([2, 2, 2]);
  const chord = (radius: number) => 2 * radius + 2 * Math.sqrt(radius ** 2 - 60 ** 2);
  expect(of('roads_R_len')).toEqual(about([100, 200, 500].map(chord)));
  expect(of('railways_R_count')).toEqual([0, 1, 1]);
  expect(of('railways_R_len')).toEqual(about([0, 200, 200]));
  expect(of('waterways_R_count')).toEqual([0, 0, 0]);
  expect(of('buildings_R_count')).toEqual([2, 3, 3]);
  expect(of('buildings_R_area')).toEqual(about([200 + 1200, 200 + 1200 + 200, 200 + 1200 + 200]));
  const circle = [100, 200, 500].map((radius) => Math.PI * radius ** 2);
  expect(of('landuse_R_area')).toEqual(about(circle));
  expect(of('natural_R_area')).toEqual(about(circle.map((area) => area / 2)));
  expect(of('water_R_area')).toEqual(about([100, 100, 100]));
});

test('whole lengths and areas, as the study has them', async () => {
  const { columns } = await features({ whole: true, radii: [100] });
  expect(columns.roads_100m_len[0]).toBeCloseTo(4000, 0);
  expect(columns.landuse_100m_area[0] / 16e6).toBeCloseTo(1, 4);
  expect(columns.waterways_100m_len[0]).toBe(0);
});

test('the nearest of a class: by points, along lines, within areas', async () => {
  const { names, columns } = await features({
    nearest: ['transport', 'waterways', 'landuse', 'buildings', 'places'],
    nearestWithin: 700,
    radii: [50],
  });
  expect(names.slice(-5)).toEqual(
    ['transport', 'waterways', 'landuse', 'buildings', 'places'].map((name) => `${name}_nearest`),
  );
  expect(columns.transport_nearest[0]).toBeCloseTo(100.1, 1);
  expect(columns.waterways_nearest[0]).toBeCloseTo(600, 1);
  expect(columns.landuse_nearest[0]).toBe(0);
  expect(columns.buildings_nearest[0]).toBeCloseTo(Math.hypot(10, 10), 1);
  expect((await features({ nearest: ['waterways'], nearestWithin: 500 })).columns.waterways_nearest[0]).toBe(
    NaN,
  );
});

test("a table of tags of one's own, and areas as points", async () => {
  const classes = {
    food: { kind: 'points', tags: { amenity: ['cafe'] } },
    houses: { kind: 'points', tags: { building: true }, areas: true },
    green: { kind: 'areas', tags: { natural: true }, without: { natural: ['water'] } },
  } as const;
  await withFile('map.json', collection(FEATURES), async (path) => {
    const map = await readMap(path, { classes });
    expect(map.counts()).toEqual({ food: 1, houses: 3, green: 1 });
    const { names, columns } = await placeFeatures(map, [HERE], { radii: [50, 12.5] });
    expect(names).toEqual([
      ...['food_50m_count', 'food_12.5m_count', 'houses_50m_count', 'houses_12.5m_count'],
      ...['green_50m_count', 'green_50m_area', 'green_12.5m_count', 'green_12.5m_area'],
    ]);
    expect(columns.houses_50m_count[0]).toBe(2);
    expect(columns['green_12.5m_area'][0]).toBeCloseTo((Math.PI * 12.5 ** 2) / 2, 1);
  });
});

const study = sharedFile('yelp-philadelphia/geo_feature_matrix.csv.gz');
(study ? test : test.skip)('the columns are those of the study, in its order', () => {
  const [header] = gunzipSync(readFileSync(study!)).toString().split('\n', 1);
  expect(NAMES).toEqual(header.trim().split(',').slice(1));
});
