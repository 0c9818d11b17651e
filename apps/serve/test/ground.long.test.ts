/// <reference lib="dom" />
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CHROMIUM, launch, openPage, picture, violations } from '@towerkit/workspace/browser';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { BIN, scratch, startServer, type TestServer } from './setup/server.js';

const towerkit = (folder: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [BIN, ...args], { cwd: folder });

/** Twenty cafes along a street, and the street, a house and a pond as a map. */
const cafes = Array.from({ length: 20 }, (_, n) => `cafe${n},${48 + n * 0.002},${16 + n * 0.001}`);
const feature = (properties: object, type: string, coordinates: unknown) => ({
  ...{ type: 'Feature', properties },
  geometry: { type, coordinates },
});
const square = (lon: number, lat: number) => [
  [lon, lat],
  [lon + 0.001, lat],
  [lon + 0.001, lat + 0.001],
  [lon, lat],
];
const MAP = {
  type: 'FeatureCollection',
  features: [
    feature({ highway: 'residential' }, 'LineString', cafes.map((_, n) => [16 + n * 0.001, 48 + n * 0.002])), // prettier-ignore
    feature({ building: 'yes' }, 'Polygon', [square(16.005, 48.01)]),
    feature({ natural: 'water' }, 'Polygon', [square(16.012, 48.03)]),
  ],
};
const visits = Array.from({ length: 30 }, (_, user) =>
  Array.from({ length: 5 }, (_, step) => `p${user},cafe${((user % 15) + step) % 20},${1_700_000_000 + step}`),
).flat();

let server: TestServer;
let folder: string;
let remove: () => Promise<void>;
beforeAll(async () => {
  ({ folder, remove } = await scratch());
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await write('cafes.csv', ['id,latitude,longitude', ...cafes, ''].join('\n'));
  await write('visits.csv', ['user,item,time', ...visits, ''].join('\n'));
  await write('map.geojson', JSON.stringify(MAP));
  await write(
    'cafes.mjs',
    `export default {
      name: 'cafes',
      data: { path: '.', dataset: { file: 'visits.csv', columns: { user: 'user', item: 'item', time: 'time' }, catalog: { file: 'cafes.csv', columns: { id: 'id', latitude: 'latitude', longitude: 'longitude' } } } },
      baselines: { als: { factors: 4 } },
    };`,
  );
  await towerkit(folder, 'baseline', 'als', '--config', 'cafes.mjs', '--out', 'cafes');
  const places = ['--osm', 'map.geojson', '--places', 'cafes.csv', '--out', 'around.csv'];
  await towerkit(folder, 'geo-features', ...places, '--ground', 'ground.geojson');
  server = await startServer(folder, {
    artifacts: [join(folder, 'cafes')],
    ground: join(folder, 'ground.geojson'),
  });
});
afterAll(async () => {
  await server?.stop();
  await remove();
});

test('the ground is what geo-features wrote', async () => {
  const { status, headers } = await server.get('/ground.geojson');
  expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/geo\+json/)]);
  const { features } = JSON.parse(await readFile(join(folder, 'ground.geojson'), 'utf8'));
  expect(features.map((one: { properties: { class: string } }) => one.properties.class)).toEqual([
    ...['water', 'roads', 'buildings'],
  ]);
});

test('a file that is no ground ends the start with what to do', async () => {
  const start = startServer(folder, {
    artifacts: [join(folder, 'cafes')],
    ground: join(folder, 'cafes.csv'),
  });
  await expect(start).rejects.toThrow(/BAD_FILE[\s\S]*geo-features --ground/);
});

(CHROMIUM ? test : test.skip)('the page draws places over it, and marks what was answered', async () => {
  const browser = await launch();
  try {
    const opened = await openPage(browser, server.url, { viewport: { width: 1280, height: 900 } });
    const { page } = opened;
    await page.waitForSelector('#places path.ground-roads');
    const drawn = await page.evaluate(() =>
      ['roads', 'buildings', 'water'].map(
        (name) => document.querySelector(`#places path.ground-${name}`)?.getAttribute('d')?.length ?? 0,
      ),
    );
    for (const length of drawn) expect(length).toBeGreaterThan(10);
    expect(await page.locator('#places .ground circle').count()).toBe(20);
    await page.locator('#places .ground circle').first().click();
    await page.locator('#ask button.main').click();
    await page.waitForSelector('#places .answer-mark');
    expect(await page.innerText('#results')).toMatch(/\d (m|km)\b/);
    await picture(page, 'places');
    expect([...(await violations(page)), ...opened.errors]).toEqual([]);
    await opened.close();
  } finally {
    await browser.close();
  }
});
