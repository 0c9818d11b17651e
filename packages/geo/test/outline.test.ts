import { expect, test } from '@jest/globals';

import { outlineOf, readMap } from '../src/index.js';
import { collection, feature, withFile } from './map-file.js';

const ring = (lon: number, lat: number, size: number) => [
  [lon, lat],
  [lon + size, lat],
  [lon + size, lat + size],
  [lon, lat],
];
/** Longer than what is measured in one piece. */
const street = Array.from({ length: 70 }, (_, n) => [13.4 + n * 0.0003, 52.5 + (n % 2) * 0.0002]);
const map = (use: (path: string) => Promise<void>) =>
  withFile(
    'some.geojson',
    collection([
      feature({ highway: 'residential' }, 'LineString', street),
      feature({ railway: 'tram' }, 'MultiLineString', [street.slice(0, 2), street.slice(5, 8)]),
      feature({ building: 'yes' }, 'Polygon', [
        ring(-179.9, -52.1, 0.001),
        ring(-179.8998, -52.0999, 0.0002),
      ]),
      feature({ amenity: 'cafe' }, 'Point', [13.4, 52.5]),
    ]),
    use,
  );

test('lines and rings come out as they stand in the file, to a metre', () =>
  map(async (path) => {
    const { features } = outlineOf(await readMap(path), ['roads', 'railways', 'buildings']);
    expect(features.map(({ properties }) => properties.class)).toEqual(['roads', 'railways', 'buildings']);
    const [roads, railways, buildings] = features.map(({ geometry }) => geometry.coordinates);
    expect(roads).toEqual([street.map((point) => point.map((degrees) => Math.round(degrees * 1e5) / 1e5))]);
    expect(railways.map((part) => part.length)).toEqual([2, 3]);
    expect(buildings).toHaveLength(2);
    for (const part of buildings) expect(part[0]).toEqual(part.at(-1));
    expect(buildings.flat().map(([lon]) => Math.round(lon * 1e3))).toContain(-179900);
  }));

test('water, streets and buildings unless told; points and unknown classes are refused', () =>
  map(async (path) => {
    const read = await readMap(path);
    expect(outlineOf(read).features.map(({ properties }) => properties.class)).toEqual([
      'roads',
      'buildings',
    ]);
    const refusal = expect.objectContaining({ code: 'BAD_OPTION', hint: expect.stringContaining('roads') });
    for (const name of ['pois', 'rivers']) expect(() => outlineOf(read, [name])).toThrow(refusal);
  }));
