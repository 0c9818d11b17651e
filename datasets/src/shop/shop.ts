import { createHash } from 'node:crypto';

import { CsrMatrix, Rng, Vocabulary } from '@towerkit/core';

import { stockCatalog } from './catalog.js';
import { bell } from './draw.js';
import type { ShopItem } from './naming.js';
import { recordPurchases, type ShopInteractions } from './purchases.js';
import { resolveShopOptions, type ShopOptions } from './options.js';
import type { ShopSecrets } from './secrets.js';
import { drawProfile, drawTastes, tasteWeights } from './tastes.js';

/** Raised with every change of what comes of the same options: a shop that was written before is then written again. */
export const GENERATOR = 1;

/** A generated shop. */
export interface Shop {
  /** With every default filled in; they alone determine all the rest. */
  readonly options: Required<ShopOptions>;
  /** Shape [items], in the order of `items.csv`. */
  readonly items: readonly ShopItem[];
  /** Ids of the items: `P0001`, ... */
  readonly itemIds: Vocabulary;
  /** Ids of the known customers: `U00001`, ... */
  readonly users: Vocabulary;
  /** Every purchase with its rating, by time. */
  readonly interactions: ShopInteractions;
  /** Items of each known customer, oldest first: users x items; rows may hold an item twice. */
  readonly histories: CsrMatrix;
  readonly secrets: ShopSecrets;
}

/**
 * Makes a shop: a catalog, customers with tastes, and two years of what they bought and how they liked it.
 * Takes about a second with the defaults.
 *
 * @param options sizes, seed and shares; see {@link ShopOptions} for the defaults
 * @throws TowerkitError `BAD_OPTIONS` naming the option and what it may be
 * @example
 * ```ts
 * const shop = generateShop({ users: 500, items: 300, seed: 1 });
 * shop.items[shop.histories.row(0)[0]].title; // what the first customer bought first
 * ```
 */
export function generateShop(options: ShopOptions = {}): Shop {
  const all = resolveShopOptions(options);
  const rng = new Rng(all.seed);
  const catalog = stockCatalog(rng.fork('catalog'), all.items);
  const tastes = drawTastes(rng.fork('tastes'));
  const people = rng.fork('people');
  const profiles = Array.from({ length: all.users }, (_, user) => {
    const own = people.fork(user);
    return drawProfile(own, tastes, 3, 0.35 * bell(own));
  });
  const secrets = {
    catalog,
    tastes,
    tasteWeights: tastes.map((taste) => tasteWeights(taste, catalog)),
    profiles,
  };
  const interactions = recordPurchases(rng.fork('purchases'), all, secrets);
  const known = interactions.user.map((user, row) => (user < 0 ? -1 : row)).filter((row) => row >= 0);
  return {
    options: all,
    items: catalog.items,
    itemIds: new Vocabulary(catalog.items.map((item) => item.id)),
    users: new Vocabulary(profiles.map((_, user) => `U${String(user + 1).padStart(5, '0')}`)),
    interactions,
    histories: CsrMatrix.fromPairs(
      all.users,
      all.items,
      known.map((row) => interactions.user[row]),
      known.map((row) => interactions.item[row]),
    ),
    secrets,
  };
}

/** A checksum of who bought what when, so that a changed generator is noticed: 64 hex digits. */
export function fingerprintOf({ interactions, items }: Shop): string {
  const hash = createHash('sha256').update(`${items.length}`);
  for (const column of [interactions.user, interactions.item, interactions.timestamp])
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  return hash.digest('hex');
}
