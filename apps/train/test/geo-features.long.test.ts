import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readTable } from '@towerkit/data';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { filesIn, lastLine, removeFolder, towerkit, workFolder } from './command.js';

/** A street of 2 km to the north along 13.4 degrees, a house at its middle, and a suburb far to the east. */
const feature = (properties: object, type: string, coordinates: unknown) => ({
  ...{ type: 'Feature', properties, geometry: { type, coordinates } },
});
const house = [[13.4, 52.5], [13.4001, 52.5], [13.4001, 52.5001], [13.4, 52.5]]; // prettier-ignore
const MAP = {
  type: 'FeatureCollection',
  features: [
    feature({ highway: 'residential' }, 'LineString', [[13.4, 52.491], [13.4, 52.509]]), // prettier-ignore
    feature({ building: 'yes', levels: 3 }, 'Polygon', [house]),
    feature({ place: 'suburb' }, 'MultiPoint', [[13.3, 52.4], [13.5, 52.6]]), // prettier-ignore
  ],
};
const PLACES = 'shop,latitude,longitude\na,52.5,13.4\nb,52.55,13.45\nc,48.1,11.6\nd,-1,-1\ne,,\n';

let folder: string;
beforeAll(async () => {
  folder = await workFolder();
  await writeFile(join(folder, 'map.geojson'), JSON.stringify(MAP));
  await writeFile(join(folder, 'places.csv'), PLACES);
});
afterAll(() => removeFolder(folder));

const measure = (...args: string[]) =>
  towerkit(['geo-features', '--osm', 'map.geojson', '--places', 'places.csv', '--json', ...args], folder);

test('places in a file become a table of their surroundings', async () => {
  const run = await measure('--out', 'geo.parquet', '--radius', '100,500', '--nearest', 'buildings');
  expect([run.status, lastLine(run)]).toEqual([
    0,
    expect.objectContaining({
      ...{ file: 'geo.parquet', inside: 2, cut: 0, outside: 1, unknown: 2, bad: 0 },
      leftOut: { incomplete: 0, broken: 0, repaired: 0 },
    }),
  ]);
  expect(run.stderr).toContain('missing: 1 places outside the map, 2 without coordinates, 0 out of range');
  const { columns, types } = await readTable(join(folder, 'geo.parquet'));
  expect(columns.shop).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(columns.roads_100m_count).toEqual([1, 0, null, null, null]);
  expect(types).toMatchObject({ roads_100m_count: 'INTEGER', roads_100m_len: 'DOUBLE' });
  expect(columns.roads_500m_len[0]).toBeCloseTo(1000, 1);
  expect(columns.buildings_nearest.slice(0, 2)).toEqual([0, null]);
  expect(Object.keys(columns)).toHaveLength(1 + 36 + 1);
});

test('CSV, with the classes of a file and columns of other names', async () => {
  const classes = { tall: { kind: 'areas', tags: { levels: ['3'] } } };
  await writeFile(join(folder, 'classes.json'), JSON.stringify(classes));
  await writeFile(join(folder, 'other.csv'), 'y,x,key\n52.5,13.4,a\n');
  const flags = ['--id', 'key', '--lat', 'y', '--lon', 'x', '--radius', '50', '--out', 'geo.csv'];
  const run = await measure(...flags, '--places', 'other.csv', '--classes', 'classes.json');
  expect(lastLine(run)).toMatchObject({ columns: ['tall_50m_count', 'tall_50m_area'], map: { tall: 1 } });
  const { columns } = await readTable(join(folder, 'geo.csv'));
  expect(columns.key).toEqual(['a']);
  expect(columns.tall_50m_count).toEqual(['1']);
  expect(Number(columns.tall_50m_area[0])).toBeCloseTo((6.786 * 11.127) / 2, 0);
});

test('what cannot be done is said, and nothing is written', async () => {
  await writeFile(join(folder, 'swapped.csv'), 'id,lat,lon\na,13.4,52.5\n');
  await writeFile(join(folder, 'words.csv'), 'id,lat,lon\na,52.5,east\n');
  await writeFile(join(folder, 'broken.json'), '{');
  await writeFile(join(folder, 'empty.json'), '{}');
  const before = await filesIn(folder);
  for (const [code, args] of [
    ['NO_OVERLAP', ['--places', 'swapped.csv']],
    ['BAD_VALUE', ['--places', 'words.csv']],
    ['MISSING_COLUMN', ['--lat', 'north']],
    ['FILE_NOT_FOUND', ['--osm', 'absent.osm.pbf']],
    ['UNKNOWN_FORMAT', ['--osm', 'places.csv']],
    ['UNKNOWN_FORMAT', ['--out', 'geo.json']],
    ['BAD_OPTION', ['--radius', '0']],
    ['BAD_OPTION', ['--radius', '60000']],
    ['BAD_OPTION', ['--nearest', 'shops']],
    ['BAD_OPTION', ['--within', 'far']],
    ['BAD_OPTION', ['--classes', 'empty.json']],
    ['BAD_FILE', ['--classes', 'broken.json']],
    ['FILE_NOT_FOUND', ['--classes', 'absent.json']],
    ['BAD_USAGE', ['--radius', 'wide']],
  ] as const) {
    const { status, stderr } = await measure('--out', 'new.csv', ...args);
    expect([args, status, stderr]).toEqual([args, 2, expect.stringMatching(new RegExp(`^error ${code}: `))]);
  }
  expect(await filesIn(folder)).toEqual(before);
});
