import { beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { placeFeatures, readMap, surroundings, type GeoMap, type PlaceFeatures } from '../src/index.js';
import { sharedFile } from './shared.js';

const extract = sharedFile('nyc-checkins-osm/manhattan.osm.pbf');

(extract ? describe : describe.skip)('an extract of Manhattan', () => {
  const places = () =>
    gunzipSync(readFileSync(sharedFile('nyc-checkins-osm/pois.csv.gz')!))
      .toString()
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map(Number))
      .map(([, lat, lon]) => ({ lat, lon }));
  const some = () => places().slice(0, 300);

  let map: GeoMap;
  let features: PlaceFeatures;
  beforeAll(async () => {
    map = await readMap(extract!);
    features = await placeFeatures(map, some());
  });

  test('has as many things of each class as pyosmium finds, and areas that it gives up on', () => {
    expect(map.counts()).toEqual({
      ...{ pois: 6124, places: 17, traffic: 4794, transport: 588 },
      ...{ roads: 8677, railways: 773, waterways: 2 },
      ...{ buildings: 7990, landuse: 373, natural: 44, water: 32 }, // pyosmium: 7985, 371, 44, 32
    });
  });

  test('991 of 5,135 places lie inside', () => {
    const all = places();
    expect(all).toHaveLength(5135);
    expect(all.filter(({ lat, lon }) => map.extent!.contains(lon, lat))).toHaveLength(991);
    expect(features.inside + features.outside).toBe(300);
  });

  test('what is kept for the places alone gives the same', async () => {
    const near = await surroundings(extract!, some());
    const differs = features.names.filter((name) =>
      near.columns[name].some((value, row) => {
        const other = features.columns[name][row];
        return Number.isNaN(value) ? !Number.isNaN(other) : !(Math.abs(value - other) < 1e-6);
      }),
    );
    expect(differs).toEqual([]);
    expect(near.map.size).toBeLessThanOrEqual(map.size);
  });

  test('a wider circle has at least as much', () => {
    for (const name of ['roads', 'buildings', 'landuse']) {
      const what = name === 'roads' ? 'len' : 'area';
      const [narrow, middle, wide] = [100, 200, 500].map(
        (radius) => features.columns[`${name}_${radius}m_${what}`],
      );
      expect(narrow.filter((value, row) => value > middle[row] + 1e-6)).toHaveLength(0);
      expect(middle.filter((value, row) => value > wide[row] + 1e-6)).toHaveLength(0);
      expect(wide.some((value) => value > 0)).toBe(true);
    }
  });

  test('the nearest station is within a circle that counts one', async () => {
    const stations = { kind: 'points', tags: { railway: ['station'] } } as const;
    const { columns, inside } = await surroundings(extract!, some(), {
      ...{ classes: { stations }, nearest: ['stations'], nearestWithin: 5000, radii: [300] },
    });
    const known = [...columns.stations_nearest].flatMap((metres, row) =>
      Number.isNaN(metres) ? [] : [{ metres, count: columns.stations_300m_count[row] }],
    );
    expect(known).toHaveLength(inside);
    expect(known.filter(({ metres, count }) => metres <= 300 !== count > 0)).toEqual([]);
    expect(known.some(({ metres }) => metres > 300)).toBe(true);
  });
});
