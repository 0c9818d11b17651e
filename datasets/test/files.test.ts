import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { ANONYMOUS_NAMES, holdsShop, idealScores, loadShop, shopManifest, writeShop } from '../src/index.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shop-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const OPTIONS = { users: 80, items: 200, seed: 3 };
const sha256 = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

/** A CSV file as RFC 4180 reads it. */
async function readCsv(path: string): Promise<string[][]> {
  const rows: string[][] = [[]];
  const text = await readFile(path, 'utf8');
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n"]*))(,|\n)/g)) {
    rows.at(-1)!.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('writeShop', () => {
  test('writes the files its manifest names, the same bytes every time', async () => {
    await writeShop(join(folder, 'a'), OPTIONS);
    await writeShop(join(folder, 'b', 'c'), OPTIONS);
    const names = shopManifest.files.map(({ name }) => name).sort();
    expect((await readdir(join(folder, 'a'))).sort()).toEqual(names);
    for (const name of names)
      expect(await sha256(join(folder, 'a', name))).toBe(await sha256(join(folder, 'b', 'c', name)));
    const { files } = JSON.parse(await readFile(join(folder, 'a', 'shop.json'), 'utf8'));
    for (const { name, sha256: stated } of files) expect(await sha256(join(folder, 'a', name))).toBe(stated);
  });

  test('the columns are those of the manifest, the rows those of the shop', async () => {
    const shop = await writeShop(folder, OPTIONS);
    const [header, ...rows] = await readCsv(join(folder, 'interactions.csv'));
    expect(header.join()).toBe('review_id,user_id,item_id,rating,timestamp,review_title,review_text');
    for (const column of Object.values(shopManifest.interactions!.columns)) expect(header).toContain(column);
    expect(rows.length).toBe(shop.interactions.user.length);
    rows.forEach(([id, user, item, rating, timestamp, ...text], row) => {
      expect(id).toBe(`R${String(row + 1).padStart(6, '0')}`);
      const who = shop.interactions.user[row];
      expect(user).toBe(who < 0 ? ANONYMOUS_NAMES[-1 - who] : shop.users.nameOf(who));
      expect(item).toBe(shop.itemIds.nameOf(shop.interactions.item[row]));
      expect(Number(rating)).toBe(shop.interactions.rating[row]);
      expect(Number(timestamp)).toBe(shop.interactions.timestamp[row]);
      expect(text.length).toBe(2);
    });
    const [itemHeader, ...items] = await readCsv(join(folder, 'items.csv'));
    expect(itemHeader).toEqual(Object.values(shopManifest.catalog!.columns));
    items.forEach(([id, title, brand, category, subcategory, price, description], i) => {
      const item = shop.items[i];
      expect([id, title, category, subcategory]).toEqual([
        item.id,
        item.title,
        item.category,
        item.subcategory,
      ]);
      expect([brand, description]).toEqual([item.brand ?? '', item.description ?? '']);
      expect(price).toBe(item.price === undefined ? '' : item.price.toFixed(2));
    });
    expect(items.length).toBe(200);
  });

  test('replaces a shop, but nothing else', async () => {
    const target = join(folder, 'shop');
    await writeShop(target, OPTIONS);
    await writeShop(target, { ...OPTIONS, seed: 4 });
    expect((await loadShop(target)).options.seed).toBe(4);
    await writeFile(join(folder, 'thesis.txt'), 'do not lose me');
    await expect(writeShop(folder, OPTIONS)).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
    expect((await readdir(folder)).sort()).toEqual(['shop', 'thesis.txt']);
    await expect(writeShop(join(folder, 'thesis.txt', 'x'), OPTIONS)).rejects.toMatchObject({
      code: 'UNWRITABLE',
    });
  });
});

describe('holdsShop', () => {
  test('only the very shop of these options, whole, by this generator', async () => {
    expect(await holdsShop(folder, OPTIONS)).toBe(false);
    await writeShop(folder, OPTIONS);
    expect(await holdsShop(folder, OPTIONS)).toBe(true);
    expect(await holdsShop(folder, { ...OPTIONS, seed: 4 })).toBe(false);
    const file = join(folder, 'shop.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"generator": 1', '"generator": 0'));
    expect(await holdsShop(folder, OPTIONS)).toBe(false);
    await writeFile(file, text);
    await writeFile(join(folder, 'items.csv'), 'item_id,title\nP0001,Hat\n');
    expect(await holdsShop(folder, OPTIONS)).toBe(false);
    await expect(holdsShop(folder, { users: 1 })).rejects.toMatchObject({ code: 'BAD_OPTIONS' });
  });
});

describe('loadShop', () => {
  test('gives the shop back with its causes', async () => {
    const written = await writeShop(folder, OPTIONS);
    const loaded = await loadShop(folder);
    expect(loaded).toEqual(written);
    const history = written.histories.row(7).subarray(0, -1);
    expect(idealScores(loaded, 7, history)).toEqual(idealScores(written, 7, history));
  });

  test('refuses what is no shop', async () => {
    await expect(loadShop(folder)).rejects.toMatchObject({ code: 'BAD_SHOP' });
    for (const text of ['{"format": "towerk', 'null', '[]', '{}', '{"format":"towerkit-shop","version":2}']) {
      await writeFile(join(folder, 'shop.json'), text);
      await expect(loadShop(folder)).rejects.toMatchObject({ code: 'BAD_SHOP' });
    }
  });

  test('notices options or a generator that make another shop', async () => {
    await writeShop(folder, OPTIONS);
    const file = join(folder, 'shop.json');
    const description = JSON.parse(await readFile(file, 'utf8'));
    const rewrite = (change: object) =>
      writeFile(file, JSON.stringify({ ...description, options: { ...description.options, ...change } }));
    await rewrite({ seed: 5 });
    await expect(loadShop(folder)).rejects.toMatchObject({ code: 'SHOP_CHANGED' });
    await rewrite({ users: 'many' });
    await expect(loadShop(folder)).rejects.toMatchObject({ code: 'BAD_SHOP' });
  });
});
