import { readInteractions } from '@towerkit/data';
import { describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describeFiles, inspectFiles, writeProject } from '../src/index.js';
import { temporaryFolder } from './files.js';
import { events } from './shop.js';

const folder = temporaryFolder();
const look = (...paths: string[]) => inspectFiles(paths, { threads: 1 });
const lines = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');

/** Pairs of a written `interactions.parquet`, sorted. */
async function written(
  inspection: Awaited<ReturnType<typeof look>>,
  columns: { user: string; item: string; time?: string },
): Promise<string[]> {
  const out = await mkdtemp(join(folder.path(), 'out-'));
  await writeProject(out, inspection, { packages: {}, skipScripts: false, name: 'made' });
  const log = await readInteractions({ path: join(out, 'interactions.parquet'), columns });
  expect(await readFile(join(out, 'towerkit.config.ts'), 'utf8')).toContain("file: 'interactions.parquet'");
  return Array.from(
    log.user,
    (user, i) => `${log.users.nameOf(user)} ${log.items.nameOf(log.item[i])}`,
  ).sort();
}

const rows = events(11);
const pairs = rows.map(({ user, item }) => `u${user} p${item}`).sort();
const byUser = [...new Set(rows.map(({ user }) => user))].map((user) => ({
  user,
  items: rows.filter((row) => row.user === user).map(({ item }) => `p${item}`),
}));

describe('a log that no file holds as it is', () => {
  test('users with lists of items: a row for each, in the order of the list', async () => {
    const path = await folder.write(
      'users.jsonl',
      lines(byUser.map(({ user, items }) => ({ member: `u${user}`, items }))),
    );
    const inspection = await look(path);
    expect(inspection).toMatchObject({
      log: { user: { name: 'member' }, item: { name: 'items' } },
      columns: { time: { column: { name: 'items.position' }, isPosition: true } },
    });
    expect(describeFiles(inspection)).toContain('several items in each row, under items');
    expect(await written(inspection, { user: 'member', item: 'items' })).toEqual(pairs);
  });

  test('orders with their lines as objects', async () => {
    const orders = rows.map(({ user, item, time, count }, i) => ({
      ...{ order: `o${i}`, buyer: { id: `u${user}`, city: `c${user % 5}` } },
      ...{ placed: new Date(time * 1000).toISOString(), store: `s${i % 9}` },
      lines: [
        { sku: `p${item}`, qty: count },
        { sku: `p${(item + 4) % 40}`, qty: 1 },
      ],
    }));
    const inspection = await look(await folder.write('orders.jsonl', lines(orders)));
    expect(inspection).toMatchObject({
      log: { user: { name: 'buyer.id' }, item: { name: 'lines.sku' } },
      columns: { time: { column: { name: 'placed' } }, weight: { column: { name: 'lines.qty' } } },
    });
    const found = await written(inspection, { user: 'buyer.id', item: 'lines.sku', time: 'placed' });
    expect(found).toEqual(
      rows.flatMap(({ user, item }) => [`u${user} p${item}`, `u${user} p${(item + 4) % 40}`]).sort(),
    );
  });

  test('a file for each month', async () => {
    const half = Math.floor(rows.length / 2);
    const csv = (part: typeof rows) =>
      ['client,article,jour', ...part.map(({ user, item, time }) => `u${user},p${item},${time}`)].join('\n');
    const paths = [
      await folder.write('sales-01.csv', csv(rows.slice(0, half))),
      await folder.write('sales-02.csv', csv(rows.slice(half))),
    ];
    const inspection = await look(...paths.reverse());
    expect(inspection.unused).toEqual([]);
    expect(describeFiles(inspection)).toContain('are logs of the same columns');
    expect(await written(inspection, { user: 'client', item: 'article', time: 'jour' })).toEqual(pairs);
  });

  test('a sample of the log beside it is no further part', async () => {
    const csv = (part: typeof rows) =>
      ['user,item,time', ...part.map(({ user, item, time }) => `${user},${item},${time}`)].join('\n');
    const inspection = await look(
      await folder.write('ratings.csv', csv(rows)),
      await folder.write('ratings_small.csv', csv(rows.filter((_, i) => i % 3 === 0))),
    );
    expect(inspection.joined).toBeUndefined();
    expect(inspection.unused).toMatchObject([{ why: expect.stringContaining('another log') }]);
  });

  test('lists of what items are, and of their images, are no logs', async () => {
    const items = Array.from({ length: 40 }, (_, i) => ({
      ...{ sku: `p${i}`, title: `A fine thing, number ${i}`, tags: [`t${i % 4}`, `u${i % 7}`] },
      ...{ images: [{ large: `https://a.b/${i}.jpg` }], photos: [`${i}.png`, `${i}b.png`] },
      features: [{ name: 'weight', value: i }],
    }));
    const inspection = await look(
      await folder.write(
        'log.csv',
        ['user,sku', ...rows.map(({ user, item }) => `${user},p${item}`)].join('\n'),
      ),
      await folder.write('items.jsonl', lines(items)),
    );
    expect(inspection.joined).toBeUndefined();
    const uses = inspection.catalog!.columns.map(({ column, use }) => [column.name, use]);
    expect(Object.fromEntries(uses)).toMatchObject({
      ...{ title: 'title', tags: 'list', images: 'image', photos: 'image', features: 'left out' },
    });
  });
});
