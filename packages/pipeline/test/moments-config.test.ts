import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FeatureEncoding } from '@towerkit/features';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { heldMoments, momentsAt } from '../src/data/prepare-moments.js';
import { logRowsOf } from '../src/fit/training-examples.js';
import { checkConfig, prepare, shapesOf, type LocatedDataset } from '../src/index.js';

let folder: string;
const DEVICES = ['phone', 'tv', 'desk'];

/** Sixty rows of which each says in its own columns whose and what it is; some users and items are rare, some rows repeat. */
const lines = Array.from({ length: 60 }, (_, n) => {
  const [user, item] = [n % 8 === 7 ? n : n % 8, (n * n) % 11];
  const hour = (7 * n) % 24;
  const at = `2024-03-${String(1 + (n % 28)).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00Z`;
  return {
    user,
    item,
    hour,
    line: `u${user},i${item},${at},${DEVICES[(user + item) % 3]},${100 * user + item},a;b${item % 2}`,
  };
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-moments-'));
  await writeFile(
    join(folder, 'taken.csv'),
    `who,what,at,with,code,tags\n${lines.map(({ line }) => line).join('\n')}\n`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

const namesOf = (encoding: FeatureEncoding) => ('names' in encoding ? encoding.names : []);
const columns = { user: 'who', item: 'what', time: 'at' };
const located = (interactions: object = {}): LocatedDataset => ({
  name: 'files',
  folder,
  source: { interactions: { file: 'taken.csv', columns, ...interactions } },
});
const config = (moment: object, data: object = {}, rest: object = {}) =>
  checkConfig({ name: 'files', data: { moment, ...data }, ...rest });

const full = {
  time: ['hour', 'weekday'],
  columns: { device: 'with' },
  features: {
    categories: { device: {} },
    numeric: { code: { scale: 'none' } },
    lists: { tags: { separator: ';', pool: 'sum' } },
  },
};
const strict = { clean: { dedupe: 'last' }, kCore: { users: 3, items: 2 } };

describe('moments of interactions', () => {
  test('are those of the right rows after cleaning, the k-core and the split', async () => {
    const prepared = await prepare(
      located(),
      config(full, strict, { split: { kind: 'leave-last-two-out' } }),
    );
    const { log, split, moments } = prepared;
    expect(log.user.length).toBeLessThan(60);
    const check = (part: typeof split.train, logRows: Int32Array, read: ReturnType<typeof momentsAt>) => {
      for (let user = 0; user < part.rows; user++)
        for (let k = part.indptr[user]; k < part.indptr[user + 1]; k++) {
          const [u, i] = [log.users.nameOf(user), log.items.nameOf(part.indices[k])].map((id) =>
            Number(id.slice(1)),
          );
          expect(read.features!.code.row(k)[0]).toBe(100 * u + i);
          const names = namesOf(moments!.features.encodings.device);
          expect(names[read.categories!.device.codes[k]]).toBe(DEVICES[(u + i) % 3]);
          const hours = namesOf(moments!.features.encodings.hour);
          const own = new Date(1000 * log.time![logRows[k]]).getUTCHours();
          const code = read.categories!.hour.codes[k];
          expect(code === 0 || hours[code] === String(own)).toBe(true);
          expect(lines.some((row) => row.user === u && row.item === i && row.hour === own)).toBe(true);
        }
    };
    check(split.train, moments!.rows.train, momentsAt(moments!, logRowsOf(split, log.user.length, 'train')));
    check(split.validation, moments!.rows.validation, momentsAt(moments!, moments!.rows.validation));
    const held = heldMoments(moments!);
    expect(held.test!.device).toHaveLength(split.test!.entries);
    // A refit learns from each user's training rows, then from their validation rows.
    const again = logRowsOf(split, log.user.length, 'train and validation');
    let place = 0;
    for (let user = 0; user < split.train.rows; user++)
      for (const part of ['train', 'validation'] as const)
        for (let k = split[part].indptr[user]; k < split[part].indptr[user + 1]; k++)
          expect(again[place++]).toBe(moments!.rows[part][k]);
    expect(place).toBe(again.length);
  });

  test('are encoded by what training rows have; other values are unknown', async () => {
    const { moments, log } = await prepare(
      located(),
      config({ features: { lists: { tags: { separator: ';' } }, numeric: { code: { buckets: 3 } } } }),
    );
    const inTraining = new Set(Array.from(moments!.rows.train, (row) => log.numbers!.code[row]));
    expect([...namesOf(moments!.features.encodings.tags)].sort()).toEqual(['a', 'b0', 'b1']);
    const { code } = moments!.features.encodings;
    const bounds = code.kind === 'buckets' ? code.bounds : [];
    expect(bounds).toHaveLength(2);
    expect(Math.max(...bounds)).toBeLessThanOrEqual(Math.max(...inTraining));
  });

  test('sizes and inputs for a model, and the default one reads them', async () => {
    const { moment } = shapesOf(await prepare(located(), config(full)));
    expect(moment.categories).toEqual({
      device: { size: 4 },
      hour: { size: expect.any(Number) },
      weekday: { size: 8 },
    });
    expect(moment.numeric).toEqual({ code: 1, tags: 3 });
    expect(moment.inputs.device).toEqual({
      kind: 'embedding',
      of: 'device',
      dimensions: 8,
      stddev: 0.1,
      at: 'moment',
    });
    expect(moment.inputs.tags).toEqual({ kind: 'feature', of: 'tags', dimensions: 3, at: 'moment' });
    expect(shapesOf(await prepare(located(), checkConfig({ name: 'none' }))).moment.inputs).toEqual({});
  });

  test.each([
    [
      'BAD_CONFIG',
      /data.moment.time: the interactions have no time; say which column/,
      { time: ['hour'] },
      { columns: { user: 'who', item: 'what' } },
    ],
    [
      'BAD_CONFIG',
      /the time .* is not one in seconds since 1970; say timeUnit: 'milliseconds'/,
      { time: ['hour'] },
      { file: 'ms.csv' },
    ],
    [
      'BAD_CONFIG',
      /is not one in milliseconds since 1970$/,
      { time: ['hour'], timeUnit: 'milliseconds' },
      { file: 'far.csv' },
    ],
    ['MISSING_COLUMN', /no column "mood"; it has "who"/, { features: { categories: { mood: {} } } }, {}],
    [
      'BAD_ROW',
      /line 2: column "with": "phone" is not a number/,
      { columns: { n: 'with' }, features: { numeric: { n: {} } } },
      {},
    ],
    [
      'BAD_CONFIG',
      /data.moment: the set comes split in files/,
      { time: ['hour'] },
      { heldBack: { validation: 'taken.csv' } },
    ],
  ])('%s %s', async (code, message, moment, interactions) => {
    const milliseconds = lines.map(({ user, item }, n) => `u${user},i${item},${1.7e12 + n}`).join('\n');
    await writeFile(join(folder, 'ms.csv'), `who,what,at\n${milliseconds}\n`);
    await writeFile(join(folder, 'far.csv'), `who,what,at\nu,a,1e17\nu,b,1e17\n`);
    const failed = await prepare(located(interactions), config(moment)).catch((error: Error) => error);
    expect(failed).toMatchObject({ code, message: expect.stringMatching(message) });
    expect((failed as Error).message).not.toContain('\n');
  });

  test('times in milliseconds are read where the config says so', async () => {
    const text = lines.map(({ user, item }, n) => `u${user},i${item},${1_704_096_000_000 + n * 3_600_000}`);
    await writeFile(join(folder, 'milli.csv'), `who,what,at\n${text.join('\n')}\n`);
    const { moments, log } = await prepare(
      located({ file: 'milli.csv' }),
      config({ time: ['hour'], timeUnit: 'milliseconds' }),
    );
    expect(moments!.columns.hour).toEqual(Array.from(log.time!, (at) => String(new Date(at).getUTCHours())));
  });
});

describe('data.moment', () => {
  test.each([
    [/data.moment: say what the user tower may read of a moment/, {}, {}],
    [/data.moment.time.0: .*hour/, { time: ['minute'] }, {}],
    [/data.moment.time: a part stands twice/, { time: ['hour', 'hour'] }, {}],
    [/data.moment.timeZone: "Europe\/Wien" is no time zone/, { time: ['hour'], timeZone: 'Europe/Wien' }, {}],
    [
      /data.moment.features.categories.hour: there is another feature "hour"/,
      { time: ['hour'], features: { categories: { hour: {} } } },
      {},
    ],
    [
      /data.moment.features.categories.history: "history" is what towers call something else/,
      { features: { categories: { history: {} } } },
      {},
    ],
    [/data.moment.columns.device: no feature reads it/, { time: ['hour'], columns: { device: 'with' } }, {}],
    [/there is no key "data.moment.features.text"/, { features: { text: { note: {} } } }, {}],
    [/there is no key "data.moment.zone"/, { time: ['hour'], zone: 'UTC' }, {}],
    [
      /data.moment.features.categories.age: there is another feature "age"/,
      { features: { categories: { age: {} } } },
      { users: { features: { categories: { age: {} } } } },
    ],
    [
      /data.moment.time: there is a feature "hour" of users/,
      { time: ['hour'] },
      { users: { features: { categories: { hour: {} } } } },
    ],
  ])('is refused: %s', (message, moment, data) => {
    expect(() => config(moment, data)).toThrow(
      expect.objectContaining({ code: 'BAD_CONFIG', message: expect.stringMatching(message) }),
    );
  });

  test('a hybrid reads no moments', () => {
    expect(() => config({ time: ['hour'] }, {}, { hybrid: {} })).toThrow(
      /data.moment: the hybrid reads no moments/,
    );
  });
});
