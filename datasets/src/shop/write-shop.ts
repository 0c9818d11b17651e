import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readRegular, writeFolderAtomic } from '@towerkit/core/files';

import type { ShopOptions } from './options.js';
import { ANONYMOUS_NAMES } from './purchases.js';
import { reviewOf } from './reviews.js';
import { fingerprintOf, GENERATOR, generateShop, type Shop } from './shop.js';

/**
 * Generates a shop and writes it as `interactions.csv`, `items.csv` and `shop.json`: all three or none.
 *
 * @param folder made where it does not exist; replaced where it holds a shop
 * @param options as for {@link generateShop}
 * @returns the shop written
 * @throws TowerkitError `BAD_OPTIONS`; `FOLDER_IN_USE` when the folder holds something other than a shop;
 *   `LOCKED` while another process writes it; `UNWRITABLE`
 */
export async function writeShop(folder: string, options: ShopOptions = {}): Promise<Shop> {
  const shop = generateShop(options);
  const write = async (fresh: string) => {
    const files = [
      { name: 'interactions.csv', content: interactionsCsv(shop) },
      { name: 'items.csv', content: itemsCsv(shop) },
    ];
    const description = {
      format: 'towerkit-shop',
      version: 1,
      generator: GENERATOR,
      options: shop.options,
      users: shop.users.size,
      items: shop.items.length,
      interactions: shop.interactions.user.length,
      anonymousNames: ANONYMOUS_NAMES,
      fingerprint: fingerprintOf(shop),
      files: files.map(({ name, content }) => ({
        name,
        sha256: createHash('sha256').update(content).digest('hex'),
      })),
    };
    for (const { name, content } of files) await writeFile(join(fresh, name), content);
    await writeFile(join(fresh, 'shop.json'), `${JSON.stringify(description, null, 2)}\n`);
  };
  await writeFolderAtomic(folder, write, { owned: shopFiles });
  return shop;
}

/** Replacing a folder loses what is in it: only a shop's files may be lost, since they can be made again. */
async function shopFiles(folder: string): Promise<readonly string[]> {
  try {
    const { format } = JSON.parse(String(await readRegular(join(folder, 'shop.json')))) as {
      format?: unknown;
    };
    return format === 'towerkit-shop' ? ['interactions.csv', 'items.csv', 'shop.json'] : [];
  } catch {
    return [];
  }
}

function interactionsCsv(shop: Shop): Uint8Array {
  const { user, item, rating, timestamp } = shop.interactions;
  const lines = [
    'review_id,user_id,item_id,rating,timestamp,review_title,review_text\n',
    ...Array.from(user, (who, row) => {
      const { title, text } = reviewOf(shop, row);
      return csvLine([
        `R${String(row + 1).padStart(6, '0')}`,
        who < 0 ? ANONYMOUS_NAMES[-1 - who] : shop.users.nameOf(who),
        shop.itemIds.nameOf(item[row]),
        rating[row],
        timestamp[row],
        title,
        text,
      ]);
    }),
  ];
  return Buffer.from(lines.join(''));
}

function itemsCsv({ items }: Shop): Uint8Array {
  const lines = items.map(({ id, title, brand, category, subcategory, price, description }) =>
    csvLine([id, title, brand, category, subcategory, price?.toFixed(2), description]),
  );
  return Buffer.from(`item_id,title,brand,category,subcategory,price,description\n${lines.join('')}`);
}

/** One line of a CSV file (RFC 4180, but ending in a line feed): quoted where needed, `undefined` is empty. */
const csvLine = (fields: readonly (string | number | undefined)[]): string =>
  `${fields.map(csvField).join(',')}\n`;

function csvField(value: string | number | undefined): string {
  const text = value === undefined ? '' : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
