import { describe, expect, test } from '@jest/globals';
import { stat } from 'node:fs/promises';

import { describeFacts, describeFiles, describeTraps, inspectFiles, inspectionResult } from '../src/index.js';
import { temporaryFolder } from './files.js';
import { events, type Event } from './shop.js';

const folder = temporaryFolder();
const look = (paths: readonly string[], more = {}) =>
  inspectFiles(paths, { threads: 1, now: 1_800_000_000, ...more });

/** Writes a log and says which traps are seen. */
async function trapsIn(
  line: (row: Event, at: number) => string,
  items?: readonly string[],
): Promise<string[]> {
  const log = await folder.write('log.csv', ['user,item,time,rating', ...events(1).map(line)].join('\n'));
  const catalog = items && (await folder.write('items.csv', items.join('\n')));
  const { traps } = await look(catalog ? [log, catalog] : [log]);
  return traps.map(({ id }) => id);
}

const clean = ({ user, item, time, stars }: Event) => `u${user},i${item},${time},${stars}`;
const things = Array.from({ length: 40 }, (_, i) => `i${i},Thing of number ${i},${i % 2 ? '08' : '09'}`);

describe('traps', () => {
  test('none in clean data', async () => {
    expect(
      await trapsIn(clean, ['id,title,shelf', ...things.map((line) => line.replace(/0([89])$/, 's$1'))]),
    ).toEqual([]);
  });

  test.each<[string, (row: Event, at: number) => string]>([
    [
      'time-units',
      ({ user, item, time, stars }, at) => `u${user},i${item},${at % 3 ? time : time * 1000},${stars}`,
    ],
    ['time-unit', ({ user, item, time, stars }) => `u${user},i${item},${time * 1000},${stars}`],
    [
      'one-user',
      ({ user, item, time, stars }, at) => `${at % 2 ? `u${user}` : 'guest'},i${item},${time},${stars}`,
    ],
    [
      'one-item',
      ({ user, item, time, stars }, at) => `u${user},${at % 2 ? `i${item}` : 'postage'},${time},${stars}`,
    ],
    [
      'incomplete',
      ({ user, item, time, stars }, at) => `${at % 9 ? `u${user}` : ''},i${item},${time},${stars}`,
    ],
    ['future', ({ user, item, time, stars }) => `u${user},i${item},${time + 1e9},${stars}`],
    ['zero-ratings', ({ user, item, time, stars }) => `u${user},i${item},${time},${stars < 4 ? 0 : stars}`],
    ['padded', ({ user, item, time, stars }) => `u${user},${String(item).padStart(5, '0')},${time},${stars}`],
    [
      'bad-rows',
      ({ user, item, time, stars }, at) => `u${user},i${item},${time},${stars}${at === 50 ? ',x,y' : ''}`,
    ],
  ])('%s', async (id, line) => {
    expect(await trapsIn(line)).toContain(id);
  });

  test('no time, short users, few', async () => {
    const log = await folder.write(
      's.csv',
      `user,item\n${events(1)
        .map(({ user, item }, at) => `u${user}-${at % 20},i${item}`)
        .join('\n')}`,
    );
    expect((await look([log])).traps.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['no-time', 'short']),
    );
  });

  test('a catalog with ids twice, rows that lack, and codes', async () => {
    const ids = await trapsIn(clean, ['id,title,shelf_code', ...things.slice(0, 30), things[3], things[4]]);
    expect(ids).toEqual(expect.arrayContaining(['duplicate-ids', 'no-row', 'codes']));
  });

  test('lines in two encodings', async () => {
    const line = (text: string, encoding: 'utf8' | 'latin1') => Buffer.from(text, encoding);
    const rows = events(2).flatMap(({ user, item, time }, at) =>
      line(`u${user},Straße ${item},${time}\n`, at % 5 ? 'utf8' : 'latin1'),
    );
    const path = await folder.write('mixed.csv', Buffer.concat([line('user,item,time\n', 'utf8'), ...rows]));
    expect((await look([path])).traps.map(({ id }) => id)).toContain('encodings');
  });
});

test('a large file is looked at in pieces, which is said', async () => {
  const rows = events(3, { users: 3000, items: 60 });
  const path = await folder.write(
    'large.csv',
    ['user,item,time', ...rows.map((r) => `u${r.user},i${r.item},${r.time}`)].join('\n'),
  );
  const { size } = await stat(path);
  const inspection = await look([path], { sample: { whole: size / 2, taken: size / 4 } });
  const { log, facts } = inspection;
  expect([log!.user.name, log!.item.name]).toEqual(['user', 'item']);
  expect(facts!.rows).toBeLessThan(rows.length / 3);
  expect(Math.abs(log!.file.sampled!.rows! / rows.length - 1)).toBeLessThan(0.05);
  // Pieces come from all over the file.
  expect(facts!.time!.last - facts!.time!.first).toBeGreaterThan(0.9 * (rows.at(-1)!.time - rows[0].time));
  expect(describeFiles(inspection)).toContain('a sample of');
});

test('what was found can be read, and is JSON', async () => {
  const log = await folder.write('log.csv', ['user,item,time,rating', ...events(1).map(clean)].join('\n'));
  const items = await folder.write('items.csv', ['id,title,shelf', ...things].join('\n'));
  const inspection = await look([log, items]);
  const text = [describeFiles(inspection), describeFacts(inspection), describeTraps(inspection)].join('\n');
  for (const part of ['log.csv (CSV;', 'user', 'Thing of number 0', '80 users, 40 items', 'days'])
    expect(text).toContain(part);
  const result = JSON.parse(JSON.stringify(inspectionResult(inspection)));
  expect(result).toMatchObject({
    log: { user: { column: 'user' }, item: { column: 'item' }, time: { column: 'time', unit: 'seconds' } },
    catalog: {
      id: 'id',
      columns: [
        { column: 'title', use: 'title' },
        { column: 'shelf', use: 'category' },
      ],
    },
    facts: { users: 80, items: 40 },
    model: { kind: 'next' },
  });
});
