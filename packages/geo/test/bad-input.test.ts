import { describe, expect, test } from '@jest/globals';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { placeFeatures, placeState, readMap, requireClassTable, surroundings } from '../src/index.js';
import { collection, feature, moved, withFile, type Feature } from './map-file.js';

const HERE = { lat: 40, lon: -75 };
const square = (half: number, place = HERE) =>
  [[-half, -half], [half, -half], [half, half], [-half, half], [-half, -half]].map(([x, y]) => moved(place, x, y)); // prettier-ignore
const TOWN = [
  feature({ building: 'yes' }, 'Polygon', [square(20)]),
  feature({ place: 'suburb' }, 'MultiPoint', [moved(HERE, -2000, -2000), moved(HERE, 2000, 2000)]),
];
const inTown = <T>(use: (path: string) => Promise<T>, features: readonly Feature[] = TOWN) =>
  withFile('town.geojson', collection(features), use);

describe('places', () => {
  test.each<[string, number | null | undefined, number | null | undefined, string]>([
    ['an ordinary one', 40, -75, 'known'],
    ['none', null, undefined, 'unknown'],
    ['not a number', NaN, 3, 'unknown'],
    ['-1 for unknown', -1, -1, 'unknown'],
    ['0 for unknown', 0, 0, 'unknown'],
    ['one on the equator', 0, 12, 'known'],
    ['a pole', 90, 180, 'known'],
    ['beyond a pole', 90.1, 0, 'bad'],
    ['beyond the date line', 0, -180.5, 'bad'],
    ['infinity', Infinity, 0, 'bad'],
  ])('%s: %s, %s is %s', (_, lat, lon, state) => expect(placeState({ lat, lon })).toBe(state));

  test('outside the map or without coordinates they are missing, not zero, and counted', () =>
    inTown(async (path) => {
      const far = { lat: 41, lon: -75 };
      const edge = { lat: 40, lon: moved(HERE, 1800, 0)[0] };
      const places = [HERE, far, { lat: -1, lon: -1 }, { lat: 0, lon: 0 }, { lat: null, lon: null }, edge];
      const found = await surroundings(path, places);
      const { inside, cut, outside, unknown, bad } = found;
      expect({ inside, cut, outside, unknown, bad }).toEqual({
        inside: 2,
        cut: 1,
        outside: 1,
        unknown: 3,
        bad: 0,
      });
      for (const name of found.names)
        expect([...found.columns[name]].map(Number.isNaN)).toEqual([false, true, true, true, true, false]);
      expect(found.columns.buildings_100m_count[5]).toBe(0);
    }));

  test('out of range they are refused by row, or skipped and counted', () =>
    inTown(async (path) => {
      const places = [HERE, { lat: -75.2, lon: 40 }, { lat: -175, lon: 40 }];
      await expect(surroundings(path, places)).rejects.toMatchObject({
        ...{ code: 'BAD_VALUE', hint: 'latitude and longitude are probably swapped' },
        details: { row: 2, lat: -175, lon: 40 },
      });
      const { bad, outside, columns } = await surroundings(path, places, { onBad: 'skip' });
      expect([bad, outside, columns.buildings_100m_count[2]]).toEqual([1, 1, NaN]);
    }));

  test('none of them on the map: an error that says whether they are swapped', () =>
    inTown(async (path) => {
      const swapped = [{ lat: HERE.lon, lon: HERE.lat }];
      await expect(surroundings(path, swapped)).rejects.toMatchObject({
        code: 'NO_OVERLAP',
        hint: 'with latitude and longitude swapped it would cover 1 of them',
      });
      await expect(surroundings(path, [{ lat: 1, lon: 1 }])).rejects.toMatchObject({
        ...{ code: 'NO_OVERLAP', hint: expect.stringMatching(/^it covers latitudes 39\.9/) },
      });
      await expect(surroundings(path, [{ lat: -1, lon: -1 }])).rejects.toMatchObject({
        ...{ code: 'NO_OVERLAP', hint: 'no place has coordinates' },
      });
      await expect(surroundings(path, [])).rejects.toMatchObject({ code: 'EMPTY_DATA' });
    }));

  test('a map without anything covers nothing', () =>
    inTown((path) => expect(surroundings(path, [HERE])).rejects.toMatchObject({ code: 'NO_OVERLAP' }), []));
});

describe('options', () => {
  test.each<[string, object]>([
    ['radii', { radii: [0] }],
    ['radii', { radii: [100, 50_001] }],
    ['radii', { radii: [-5] }],
    ['radii', { radii: [NaN] }],
    ['radii', { radii: [] }],
    ['radii', { radii: [100, 100] }],
    ['nearest', { nearest: ['buses'] }],
    ['nearest', { nearest: ['roads', 'roads'] }],
    ['nearestWithin', { nearest: ['roads'], nearestWithin: 0 }],
  ])('%s: %j is refused', (option, options) =>
    inTown(async (path) => {
      const map = await readMap(path);
      await expect(placeFeatures(map, [HERE], options)).rejects.toMatchObject({
        ...{ code: 'BAD_OPTION', details: { option } },
      });
      await expect(surroundings('absent.osm.pbf', [HERE], options)).rejects.toMatchObject({
        ...{ code: 'BAD_OPTION', details: { option } },
      });
    }),
  );

  test('50 km is the widest circle, and counts what the map has of it', () =>
    inTown(async (path) => {
      const { columns, cut } = await surroundings(path, [HERE], { radii: [50_000] });
      expect(columns.buildings_50000m_area[0]).toBeCloseTo(1600, 0);
      expect(cut).toBe(1);
    }));

  test.each<[unknown]>([
    [{}],
    [null],
    [{ Shops: { kind: 'points', tags: { shop: true } } }],
    [{ shops: { kind: 'point', tags: { shop: true } } }],
    [{ shops: { kind: 'points', tags: {} } }],
    [{ shops: { kind: 'points', tags: { shop: 'yes' } } }],
    [{ shops: { kind: 'points', tags: { shop: true }, without: [] } }],
    [{ shops: { kind: 'lines', tags: { shop: true }, areas: true } }],
    [{ shops: { kind: 'points', tags: { shop: true }, tag: 1 } }],
  ])('a table of classes like %j is refused', (table) =>
    expect(() => requireClassTable(table)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' })),
  );
});

describe('files', () => {
  test.each<[string, string, string, RegExp]>([
    ['map.osm', '<osm/>', 'UNKNOWN_FORMAT', /map\.osm/],
    ['map.geojson', '{"type":"FeatureCollection","features":[', 'BAD_FILE', /cut off after 0 features/],
    ['map.geojson', collection(TOWN).slice(0, -40), 'BAD_FILE', /cut off after 1 features/],
    ['map.geojson', 'no json', 'BAD_FILE', /no JSON/],
    ['map.geojson', '', 'BAD_FILE', /cut off/],
    ['map.geojson', '[1, 2]', 'BAD_FILE', /./],
    ['map.geojson', '{"type":"Topology"}', 'BAD_FILE', /no geometry of type "Topology"/],
    ['map.geojson', collection([feature({}, 'Point', [-75, 140])]), 'BAD_FILE', /feature 0: .*latitude 140/],
    ['map.geojson', collection([feature({}, 'Point', [-75])]), 'BAD_FILE', /latitude undefined/],
    ['map.geojson', collection([TOWN[0], feature({}, 'LineString', 5)]), 'BAD_FILE', /feature 1: .*no list/],
    ['map.geojson', '{"type":"FeatureCollection","features":[5]}', 'BAD_FILE', /no feature/],
  ])('%s of %s: %s', (name, content, code, message) =>
    withFile(name, content, (path) =>
      expect(readMap(path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) }),
    ),
  );

  test('no file, a folder', () =>
    inTown(async (path) => {
      await expect(readMap(join(path, 'x.osm.pbf'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
      const folder = join(dirname(path), 'folder.osm.pbf');
      await mkdir(folder);
      await expect(readMap(folder)).rejects.toMatchObject({ code: 'BAD_FILE' });
    }));

  test('a feature or a geometry alone is a map, one without a geometry is nothing', async () => {
    const counts = (content: string) =>
      withFile('map.json', content, async (path) => (await readMap(path)).counts().buildings);
    expect(await counts(JSON.stringify({ type: 'Feature', ...TOWN[0] }))).toBe(1);
    expect(await counts(JSON.stringify(TOWN[0].geometry))).toBe(0); // it has no tags
    expect(await counts(collection([{ properties: { building: 'yes' }, geometry: null }]))).toBe(0);
  });

  test('reading and measuring end with the reason of a signal', () =>
    inTown(async (path) => {
      const signal = AbortSignal.abort(new Error('enough'));
      await expect(readMap(path, { signal })).rejects.toThrow('enough');
      await expect(placeFeatures(await readMap(path), [HERE], { signal })).rejects.toThrow('enough');
      // It is heard while places are measured, too.
      const later = new AbortController();
      const many = Array.from({ length: 200 }, () => HERE);
      const measuring = placeFeatures(await readMap(path), many, { signal: later.signal });
      later.abort(new Error('later'));
      await expect(measuring).rejects.toThrow('later');
    }));
});

describe('areas that are not in order', () => {
  const areaOf = async (rings: number[][][], type = 'Polygon') => {
    const polygon = rings.map((ring) => ring.map(([east, north]) => moved(HERE, east, north)));
    const coordinates = type === 'Polygon' ? polygon : polygon.map((ring) => [ring]);
    const shape = feature({ building: 'yes' }, type, coordinates);
    return inTown(
      async (path) => {
        const { columns, map } = await surroundings(path, [HERE], { radii: [1000] });
        return [Math.round(columns.buildings_1000m_area[0]), map.leftOut];
      },
      [shape, TOWN[1]],
    );
  };
  const fine = { incomplete: 0, broken: 0, repaired: 0 };
  const box = (west: number, south: number, east: number, north: number) =>
    [[west, south], [east, south], [east, north], [west, north], [west, south]]; // prettier-ignore

  test.each<[string, number[][][], number, object]>([
    ['a bow tie', [[[0, 0], [20, 20], [20, 0], [0, 20], [0, 0]]], 200, { ...fine, repaired: 1 }],
    ['two loops that meet at a point', [[[0, 0], [10, 10], [20, 20], [20, 0], [10, 10], [0, 20], [0, 0]]], 200, { ...fine, repaired: 1 }],
    ['a ring twice around', [[...box(0, 0, 10, 10), ...box(0, 0, 10, 10).slice(1)]], 100, { ...fine, repaired: 1 }],
    ['with the clock', [[...box(0, 0, 10, 10)].reverse()], 100, fine],
    ['a hole around the same way', [box(0, 0, 30, 30), box(10, 10, 20, 20)], 800, fine],
    ['a hole that sticks out', [box(0, 0, 30, 30), box(20, 20, 50, 50)], 800, { ...fine, repaired: 1 }],
    ['a hole outside', [box(0, 0, 10, 10), box(20, 20, 50, 50)], 100, { ...fine, repaired: 1 }],
    ['a hole within a hole', [box(0, 0, 30, 30), box(5, 5, 25, 25), box(10, 10, 20, 20)], 500, { ...fine, repaired: 1 }],
    ['a hole that is all', [box(0, 0, 10, 10), box(0, 0, 10, 10)], 0, { ...fine, broken: 1 }],
    ['a line there and back', [[[0, 0], [10, 0], [0, 0]]], 0, { ...fine, broken: 1 }],
    ['a ring that is not closed', [[[0, 0], [10, 0], [10, 10], [0, 10]]], 0, { ...fine, broken: 1 }],
    ['points that are equal', [[[0, 0], [0, 0], [10, 0], [10, 10], [10, 10], [0, 10], [0, 0], [0, 0]]], 100, fine],
  ])('%s', async (_, rings, area, leftOut) => expect(await areaOf(rings)).toEqual([area, leftOut])); // prettier-ignore

  test('outer rings of one thing that overlap count once', async () => {
    const rings = [box(0, 0, 20, 20), box(10, 10, 30, 30)];
    expect(await areaOf(rings, 'MultiPolygon')).toEqual([700, { ...fine, repaired: 1 }]);
    const nested = [box(0, 0, 30, 30), box(10, 10, 20, 20)];
    expect(await areaOf(nested, 'MultiPolygon')).toEqual([900, { ...fine, repaired: 1 }]);
  });

  test('an area around a pole is left out', () =>
    inTown(
      async (path) => {
        const map = await readMap(path);
        expect(map.leftOut).toEqual({ ...fine, broken: 1 });
      },
      [feature({ natural: 'ice' }, 'Polygon', [[[0, 80], [120, 80], [-120, 80], [0, 80]]])], // prettier-ignore
    ));
});
