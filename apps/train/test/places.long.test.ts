import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { lastLine, removeFolder, towerkit, workFolder } from './command.js';

const PLACES = new URL('../configs/places.ts', import.meta.url).pathname;
let folder: string;
let trained: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
let said: string;

/** Three quarters of ten places each, some kilometres apart; one place is not on the map. */
const places = ['west', 'centre', 'east'].flatMap((quarter, q) =>
  Array.from({ length: 10 }, (_, n) =>
    q === 2 && n === 9
      ? `${quarter}${n},-1,-1,bar`
      : `${quarter}${n},${48.2 + 0.0005 * n},${16.2 + 0.1 * q},${n % 2 ? 'bar' : 'cafe'}`,
  ),
);

/** People who stay in their quarter, an hour between two places. */
function visits(users: number, from: number, count: number): string[] {
  const rng = new Rng(from);
  return Array.from({ length: users }, (_, user) =>
    Array.from({ length: count }, (_, step) => {
      const quarter = ['west', 'centre', 'east'][user % 3];
      const time = new Date(Date.UTC(2024, 0, from + step, 8 + rng.integer(12))).toISOString();
      return `p${user},${quarter}${rng.integer(10)},${time},${15 + rng.integer(9)}`;
    }),
  ).flat();
}

const configFrom = (path: string) => `
import places from ${JSON.stringify(path)};
export default {
  ...places,
  data: {
    ...places.data,
    path: '.',
    dataset: {
      file: 'visits.csv',
      columns: { user: 'person', item: 'place', time: 'at' },
      moment: { temperature: 'degrees' },
      catalog: { file: 'places.csv', columns: { id: 'id', latitude: 'lat', longitude: 'lon', category: 'sort' } },
    },
  },
  start: undefined,
  batchSize: 64,
  negatives: [{ kind: 'nearby', radiusKm: 2, count: 10 }, { kind: 'uniform', count: 10 }],
  epochs: 4,
  threads: 1,
  examples: 1,
};
`;

const write = (name: string, lines: readonly string[]) =>
  writeFile(join(folder, name), [...lines, ''].join('\n'));

beforeAll(async () => {
  folder = await workFolder();
  await write('visits.csv', ['person,place,at,degrees', ...visits(60, 1, 12)]);
  await write('places.csv', ['id,lat,lon,sort', ...places]);
  await writeFile(join(folder, 'places.mjs'), configFrom(PLACES));
  const run = await towerkit(['train', '--config', 'places.mjs', '--json'], folder);
  trained = lastLine(run);
  said = run.stderr;
});
afterAll(() => removeFolder(folder));

describe('places', () => {
  test('train on what the set has, and say what it lacks', () => {
    expect(said).toContain('features left out, which the data set does not have: group, price, weekdayEarly');
    // Of thirty places ten are near: by chance a third of the next ones would be among ten.
    expect(trained.metrics['hr@10'].value).toBeGreaterThan(0.6);
  });

  test('later visits are asked for one after the other, at their own moments', async () => {
    const later = visits(60, 20, 3);
    await write('later.csv', ['person,place,at,degrees', ...later]);
    const ask = (...more: string[]) =>
      towerkit(
        ['evaluate', '--artifact', trained.artifact, '--targets', 'later.csv', '--json', ...more],
        folder,
      );
    const all = lastLine(await ask('--repeats', 'allow'));
    expect(all.users).toBe(180);
    expect(all.metrics['hr@10'].value).toBeGreaterThan(0.6);
    expect(Object.keys(all.metrics)).toEqual(['hr@10', 'ndcg@10', 'recall@20']);
    const first = lastLine(await ask('--repeats', 'exclude'));
    expect(first.users).toBeLessThan(180);
    expect(first.unknownMoment).toBeUndefined();
    await write('bare.csv', ['person,place,at', 'p1,west1,2024-02-01T10:00:00Z']);
    const bare = await towerkit(
      ['evaluate', '--artifact', trained.artifact, '--targets', 'bare.csv', '--json'],
      folder,
    );
    expect(bare.status).not.toBe(0);
    expect(bare.stderr).toContain('MISSING_COLUMN');
  });

  test('near: places within so many kilometres, each with its distance', async () => {
    const ask = (near: string) =>
      towerkit(
        [
          'recommend',
          '--artifact',
          trained.artifact,
          '--json',
          '-k',
          '30',
          '--repeats',
          'allow',
          '--user',
          'p0',
          '--context',
          'temperature=20',
          '--near',
          near,
        ],
        folder,
      );
    // The quarter in the centre; p0 stays in the west, 7.4 km away.
    const { items } = lastLine(await ask('48.2,16.3,2'));
    expect(items.map(({ id }: { id: string }) => id).sort()).toEqual(
      Array.from({ length: 10 }, (_, n) => `centre${n}`),
    );
    for (const { id, distanceKm } of items)
      expect(distanceKm).toBeCloseTo(Number(id.slice('centre'.length)) * 0.0556, 2);
    const idsOf = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id);
    const shown = lastLine(await ask('48.2,16.3'));
    expect(idsOf(shown)[0]).toMatch(/west/);
    expect(shown.items).toHaveLength(30);
    const swapped = await ask('116.3,48.2,2');
    expect([swapped.status, swapped.stderr]).toEqual([2, expect.stringContaining('seem to be swapped')]);
    expect((await ask('here')).stderr).toContain('It must be degrees');
  });

  test('negatives near by need to know where places lie', async () => {
    await writeFile(
      join(folder, 'nowhere.mjs'),
      `import places from './places.mjs';\nexport default {\n  ...places,\n  data: { ...places.data, absent: 'error', moment: undefined, features: {} },\n};\n`,
    );
    const run = await towerkit(['train', '--config', 'nowhere.mjs', '--out', 'nowhere'], folder);
    expect([run.status, run.stderr]).toEqual([2, expect.stringContaining('nearby needs a location')]);
  });

  test('a new place is known by where it is', async () => {
    await write('new.csv', ['id,lat,lon,sort', 'new,48.2012,16.4001,cafe']);
    const run = await towerkit(
      ['add-items', '--artifact', trained.artifact, '--items', 'new.csv', '--json'],
      folder,
    );
    expect([run.status, run.stderr]).toEqual([0, expect.stringContaining('1 items added')]);
    const placeOf = async (user: string) => {
      const asked = ['--user', user, '-k', '31', '--repeats', 'allow', '--context', 'temperature=20'];
      const answer = await towerkit(
        ['recommend', '--artifact', trained.artifact, '--json', ...asked],
        folder,
      );
      return lastLine(answer).items.findIndex(({ id }: { id: string }) => id === 'new') as number;
    };
    // It lies in the east, where every third person stays.
    expect(await placeOf('p2')).toBeLessThan(await placeOf('p0'));
  });

  test('the content profile and the nearest place know people who stay in their quarter', async () => {
    for (const name of ['places-profile', 'places-profile-bpr']) {
      await writeFile(join(folder, `${name}.mjs`), configFrom(PLACES.replace('places.ts', `${name}.ts`)));
      const args = ['--config', `${name}.mjs`, '--out', name, '--seed', '1', '--epochs', '20'];
      const profile = lastLine(await towerkit(['train', '--json', ...args], folder));
      // Five of the thirty places at random would be a sixth.
      expect(profile.metrics['recall@10'].value).toBeGreaterThan(0.45);
    }
    const nearest = lastLine(
      await towerkit(
        ['baseline', 'nearest-place', '--config', 'places.mjs', '--json', '--out', 'nearest'],
        folder,
      ),
    );
    expect(nearest.metrics['hr@10'].value).toBeGreaterThan(0.6);
    const answer = await towerkit(
      ['recommend', '--artifact', 'nearest', '--json', '--history', 'west3', '-k', '2'],
      folder,
    );
    expect(
      lastLine(answer)
        .items.map(({ id }: { id: string }) => id)
        .sort(),
    ).toEqual(['west2', 'west4']);
    await writeFile(join(folder, 'bare.mjs'), configFrom(PLACES).replace(/catalog: .*,/, ''));
    const bare = await towerkit(['baseline', 'nearest-place', '--config', 'bare.mjs', '--out', 'x'], folder);
    expect([bare.status, bare.stderr]).toEqual([2, expect.stringContaining('NO_PLACES')]);
  });

  test('latitude and longitude that are swapped are refused', async () => {
    await write('places.csv', ['id,lat,lon,sort', 'west0,116.2,48.2,bar', ...places.slice(1)]);
    const run = await towerkit(['train', '--config', 'places.mjs', '--json', '--out', 'bad'], folder);
    expect(run.status).not.toBe(0);
    expect(run.stderr).toMatch(/BAD_VALUE.*swapped/);
  });
});
