import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { TowerkitError } from '@towerkit/core';

import { resolveShopOptions, type ShopOptions } from './options.js';
import { fingerprintOf, GENERATOR, generateShop, type Shop } from './shop.js';

/**
 * The shop a folder was written from, causes included: its options are read from `shop.json`, the rest is
 * generated again and compared with the checksum written there.
 *
 * @throws TowerkitError `BAD_SHOP` when `shop.json` is missing or not a shop's; `SHOP_CHANGED` when this version
 *   of the generator makes another shop of the same options
 */
export async function loadShop(folder: string): Promise<Shop> {
  const file = join(folder, 'shop.json');
  const bad = (what: string, cause?: unknown) =>
    new TowerkitError('BAD_SHOP', `${file}: ${what}`, {
      hint: 'write the shop again with writeShop',
      details: { file },
      cause,
    });
  let description: { format?: unknown; version?: unknown; options?: unknown; fingerprint?: unknown };
  try {
    description = JSON.parse(await readFile(file, 'utf8')) as typeof description;
  } catch (cause) {
    throw bad(cause instanceof SyntaxError ? 'not JSON' : 'cannot be read', cause);
  }
  if (description?.format !== 'towerkit-shop') throw bad('not the description of a shop');
  if (description.version !== 1) throw bad(`version ${String(description.version)} is not known here`);
  let shop: Shop;
  try {
    shop = generateShop(description.options as ShopOptions);
  } catch (cause) {
    throw bad((cause as Error).message, cause);
  }
  if (fingerprintOf(shop) !== description.fingerprint)
    throw new TowerkitError('SHOP_CHANGED', `${file}: this version of the generator makes another shop`, {
      hint: 'write the shop again with writeShop',
      details: { file },
    });
  return shop;
}

/**
 * Whether a folder holds the shop of these options as this version of the generator writes it, every byte of it, so that it need
 * not be written again.
 *
 * @throws TowerkitError `BAD_OPTIONS`
 */
export async function holdsShop(folder: string, options: ShopOptions = {}): Promise<boolean> {
  const wanted = JSON.stringify(resolveShopOptions(options));
  try {
    const description = JSON.parse(await readFile(join(folder, 'shop.json'), 'utf8')) as {
      generator?: unknown;
      options?: unknown;
      files: readonly { name: string; sha256: string }[];
    };
    if (description.generator !== GENERATOR || JSON.stringify(description.options) !== wanted) return false;
    for (const { name, sha256 } of description.files) {
      const content = await readFile(join(folder, name));
      if (createHash('sha256').update(content).digest('hex') !== sha256) return false;
    }
    return description.files.length > 0;
  } catch {
    return false;
  }
}
