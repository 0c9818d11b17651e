import { Rng } from '@towerkit/core';
import { readInteractions } from '@towerkit/data';
import { describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describeFiles, inspectFiles, writeProject } from '../src/index.js';
import { temporaryFolder } from './files.js';
import { events } from './shop.js';

const folder = temporaryFolder();
const look = (...paths: string[]) => inspectFiles(paths, { threads: 1 });
const facts = { packages: {}, skipScripts: false };

/** Orders of several items each: lines without a customer, and who placed each order. */
function orders() {
  const rng = new Rng(4);
  const rows = Array.from({ length: 300 }, (_, order) => ({
    ...{
      order,
      customer: `C${Math.floor(rng.uniform() * 60)}`,
      time: `2024-01-${String(1 + (order % 28)).padStart(2, '0')}`,
    },
    items: Array.from({ length: 2 + Math.floor(rng.uniform() * 3) }, () =>
      Math.floor(rng.uniform() ** 2 * 40),
    ),
  }));
  return {
    rows,
    header: [
      'order_id,customer_id,placed_at',
      ...rows.map(({ order, customer, time }) => `${order},${customer},${time}`),
    ].join('\n'),
    lines: [
      'order_id,product_id',
      ...rows.flatMap(({ order, items }) => items.map((item) => `${order},P${item}`)),
    ].join('\n'),
  };
}

describe('lines of orders and who placed them', () => {
  test('are joined, and written as one file that holds the same interactions', async () => {
    const { rows, header, lines } = orders();
    const inspection = await look(
      await folder.write('lines.csv', lines),
      await folder.write('orders.csv', header),
    );
    expect(inspection.log!.user.name).toBe('customer_id');
    expect(inspection.columns!.time!.column.name).toBe('placed_at');
    expect(describeFiles(inspection)).toContain('orders.csv says who placed each');
    const out = await mkdtemp(join(folder.path(), 'out-'));
    const { written } = await writeProject(out, inspection, { ...facts, name: 'orders' });
    expect(written).toEqual(['interactions.parquet', 'package.json', 'README.md', 'towerkit.config.ts']);
    expect((await readdir(out)).sort()).toEqual([...written].sort());
    const columns = { user: 'customer_id', item: 'product_id', time: 'placed_at' };
    const log = await readInteractions({ path: join(out, 'interactions.parquet'), columns });
    const read = Array.from(
      log.user,
      (user, i) => `${log.users.nameOf(user)} ${log.items.nameOf(log.item[i])} ${log.time![i]}`,
    );
    const naive = rows.flatMap(({ customer, time, items }) =>
      items.map((item) => `${customer} P${item} ${Date.parse(time) / 1000}`),
    );
    expect(read.sort()).toEqual(naive.sort());
  });

  test('a table of users of a log that names its users is no order', async () => {
    const log = [
      'user_id,item_id,time',
      ...events(1).map((row) => `${row.user},${row.item},${row.time}`),
    ].join('\n');
    const users = [
      'user_id,name,age,joined',
      ...Array.from({ length: 80 }, (_, i) => `${i},Somebody ${i},${20 + (i % 40)},2020-01-0${1 + (i % 9)}`),
    ].join('\n');
    const inspection = await look(await folder.write('log.csv', log), await folder.write('users.csv', users));
    expect(inspection.joined).toBeUndefined();
    expect(inspection.users!.file.name).toBe('users.csv');
  });
});

test('a set that comes split keeps its split, whichever file is named first', async () => {
  const part = (seed: number) =>
    ['user,item,time', ...events(seed).map((row) => `${row.user},${row.item},${row.time}`)].join('\n');
  const paths = await Promise.all(
    ['test', 'valid', 'train'].map((name, seed) => folder.write(`${name}.csv`, part(seed + 1))),
  );
  const inspection = await look(...paths);
  expect(inspection.log!.file.name).toBe('train.csv');
  const out = await mkdtemp(join(folder.path(), 'out-'));
  await writeProject(out, inspection, facts);
  const config = await readFile(join(out, 'towerkit.config.ts'), 'utf8');
  expect(config).toContain("heldBack: { validation: 'valid.csv', test: 'test.csv' }");
  expect(config).not.toContain('split:');
});

test('a second log of other columns that shares ids is named, and not used', async () => {
  const rows = (seed: number, header: string) =>
    [header, ...events(seed).map((row) => `${row.user},${row.item},${row.time}`)].join('\n');
  const { unused, apart } = await look(
    await folder.write('2023.csv', rows(1, 'user,item,time')),
    await folder.write('wishes.csv', rows(2, 'member,product,wished')),
  );
  expect(apart).toEqual([]);
  expect(unused).toMatchObject([{ why: expect.stringContaining('it is another log') }]);
});
