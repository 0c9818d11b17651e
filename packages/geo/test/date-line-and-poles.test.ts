import { expect, test } from '@jest/globals';

import { surroundings } from '../src/index.js';
import { collection, feature, metresOfDegree, moved, withFile, type Feature } from './map-file.js';

const inMap = <T>(use: (path: string) => Promise<T>, features: readonly Feature[]) =>
  withFile('map.geojson', collection(features), use);

test('the date line is no edge', () => {
  const fiji = { lat: -16.8, lon: 179.9995 };
  const across = moved(fiji, 100, 0);
  const east = [across[0] - 360, across[1]];
  const square = [[-90, -90], [90, -90], [90, 90], [-90, 90], [-90, -90]].map(([x, y]) => moved(fiji, x, y)); // prettier-ignore
  const features = [
    feature({ highway: 'path' }, 'LineString', [moved(fiji, -100, 0), east]),
    feature({ shop: 'yes' }, 'Point', east),
    feature({}, 'LineString', [moved(fiji, -200, -500), [-179.99, -16.79]]),
    feature({ building: 'yes' }, 'Polygon', [square.map(([lon, lat]) => [lon > 180 ? lon - 360 : lon, lat])]), // prettier-ignore
  ];
  return inMap(async (path) => {
    const other = { lat: fiji.lat, lon: -179.9999 };
    const { columns } = await surroundings(path, [fiji, other], { radii: [150], nearest: ['pois'] });
    expect([...columns.pois_150m_count]).toEqual([1, 1]);
    for (const row of [0, 1]) {
      expect(columns.roads_150m_len[row]).toBeCloseTo([200, 150 + 36][row], 0);
      expect(columns.buildings_150m_count[row]).toBe(1);
    }
    expect(columns.buildings_150m_area[0]).toBeCloseTo(180 * 180, -1);
    expect(columns.pois_nearest[0]).toBeCloseTo(100, 1);
  }, features);
});

test('a pole is a place like any other', () => {
  const metres = metresOfDegree(90).lat;
  const around = (lon: number, away: number) => [lon, 90 - away / metres];
  const features = [
    feature({ shop: 'yes' }, 'MultiPoint', [
      around(0, 90),
      around(120, 90),
      around(-120, 90),
      around(60, 120),
    ]),
    // An edge follows the meridians: at the pole the road needs the one that it goes on along.
    feature({ highway: 'path' }, 'LineString', [around(45, 300), [45, 90], [-135, 90], around(-135, 300)]),
    feature({ building: 'yes' }, 'Polygon', [
      [...[0, 1, 2, 3, 4, 5].map((k) => around(10 * k, 50)), ...[5, 4, 3, 2, 1, 0].map((k) => around(10 * k, 80))].concat([around(0, 50)]), // prettier-ignore
    ]),
    feature({}, 'MultiPoint', [[-180, 80], [0, 80], [180, 90]]), // prettier-ignore
  ];
  return inMap(async (path) => {
    const places = [0, 77, -180].map((lon) => ({ lat: 90, lon }));
    const { columns } = await surroundings(path, places, { radii: [100], nearest: ['buildings'] });
    for (const row of [0, 1, 2]) {
      expect(columns.pois_100m_count[row]).toBe(3);
      expect(columns.roads_100m_len[row]).toBeCloseTo(200, 1);
      // Edges of the same latitude are parts of circles around the pole.
      const sector = ((80 ** 2 - 50 ** 2) / 2) * ((50 * Math.PI) / 180);
      expect(columns.buildings_100m_area[row]).toBeCloseTo(sector, 0);
      expect(columns.buildings_nearest[row]).toBeCloseTo(50, 1);
    }
  }, features);
});
