import { describe, expect, test } from '@jest/globals';

import { ANONYMOUS_NAMES, generateShop, reviewOf, type Shop } from '../src/index.js';
import { fingerprintOf } from '../src/shop/shop.js';

const shop = generateShop();
const small = (options = {}) => generateShop({ users: 60, items: 150, ...options });

/** Share of the rows for which `holds`. */
const share = (rows: number, holds: (row: number) => boolean) =>
  Array.from({ length: rows }, (_, row) => Number(holds(row))).reduce((a, b) => a + b) / rows;

/** Pearson's correlation over rows. */
function correlation(xs: ArrayLike<number>, ys: ArrayLike<number>): number {
  const mean = (v: ArrayLike<number>) => Array.from(v).reduce((a, b) => a + b, 0) / v.length;
  const [mx, my] = [mean(xs), mean(ys)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let k = 0; k < xs.length; k++) {
    xy += (xs[k] - mx) * (ys[k] - my);
    xx += (xs[k] - mx) ** 2;
    yy += (ys[k] - my) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}

describe('generateShop', () => {
  test('the same options give the same shop, another seed another', () => {
    expect(small()).toEqual(small());
    expect(fingerprintOf(small({ seed: 8 }))).not.toBe(fingerprintOf(small()));
  });

  // Another one here: raise GENERATOR, so that shops written before are written again.
  test('it is this shop on every platform and version of Node', () => {
    expect(fingerprintOf(small())).toBe('bfb726fca4c525a0d8f6e89246adf4ba125f0e1b216d2a9cd8e8a77af2fe712b');
  });

  test('draws use exact arithmetic alone: Math is not asked for more than roots', () => {
    const inexact = ['exp', 'log', 'log2', 'log1p', 'cos', 'sin', 'tan', 'pow', 'cbrt', 'random'] as const;
    const kept = inexact.map((name) => Math[name]);
    const called: string[] = [];
    for (const name of inexact)
      Math[name] = (() => {
        called.push(name);
        return 0.5;
      }) as never;
    try {
      reviewOf(small(), 0);
    } finally {
      inexact.forEach((name, k) => (Math[name] = kept[k] as never));
    }
    expect(called).toEqual([]);
  });

  test('sizes are those asked for', () => {
    expect(shop.users.size).toBe(4000);
    expect(shop.items.length).toBe(2000);
    expect(shop.histories.rows).toBe(4000);
    const known = shop.interactions.user.filter((user) => user >= 0).length;
    expect(known).toBe(shop.histories.entries);
    expect(Math.abs(known / 4000 - 16)).toBeLessThan(0.5);
    const lengths = Array.from({ length: 4000 }, (_, user) => shop.histories.row(user).length);
    expect(Math.min(...lengths)).toBe(4);
    expect(Math.max(...lengths)).toBeGreaterThan(40);
  });

  test('histories are the known rows of the record, in order', () => {
    const next = new Int32Array(4000);
    const { user, item } = shop.interactions;
    user.forEach((who, row) => {
      if (who >= 0 && shop.histories.row(who)[next[who]++] !== item[row]) throw new Error(`row ${row}`);
    });
    expect([...next]).toEqual(Array.from({ length: 4000 }, (_, who) => shop.histories.row(who).length));
  });

  test('time never falls, and rises for each known user, within the two years', () => {
    const { user, timestamp } = shop.interactions;
    const last = new Float64Array(4000);
    let [falls, stands] = [0, 0];
    for (let row = 0; row < user.length; row++) {
      if (row > 0 && timestamp[row] < timestamp[row - 1]) falls++;
      if (user[row] < 0) continue;
      if (timestamp[row] <= last[user[row]]) stands++;
      last[user[row]] = timestamp[row];
    }
    expect([falls, stands]).toEqual([0, 0]);
    const start = Date.parse('2023-01-01') / 1000;
    expect(timestamp[0]).toBeGreaterThanOrEqual(start);
    expect(timestamp.at(-1)).toBeLessThan(start + 731 * 86_400);
    expect(timestamp.at(-1)! - timestamp[0]).toBeGreaterThan(720 * 86_400);
  });

  test('the stated share of rows is anonymous', () => {
    const anonymous = shop.interactions.user.filter((user) => user < 0);
    expect(anonymous.length / shop.interactions.user.length).toBeCloseTo(0.05, 3);
    expect(new Set(anonymous).size).toBe(ANONYMOUS_NAMES.length);
    expect(small({ anonymousShare: 0 }).interactions.user.every((user) => user >= 0)).toBe(true);
  });

  test('nobody buys a thing twice beyond the stated share', () => {
    const repeats = ({ histories, users }: Shop) => {
      let twice = 0;
      for (let user = 0; user < users.size; user++)
        twice += histories.row(user).length - new Set(histories.row(user)).size;
      return twice / (histories.entries - users.size); // a first purchase repeats nothing
    };
    expect(Math.abs(repeats(shop) - 0.01)).toBeLessThan(0.002);
    expect(repeats(small({ repeatShare: 0 }))).toBe(0);
  });

  test('popularity is skewed, but nearly everything is sold', () => {
    const counts = shop.histories.columnCounts().sort((a, b) => b - a);
    const top = counts.slice(0, 200).reduce((a, b) => a + b) / shop.histories.entries;
    expect(top).toBeGreaterThan(0.25);
    expect(top).toBeLessThan(0.6);
    expect(counts.filter((count) => count === 0).length).toBeLessThan(200);
  });

  test('ratings are 1 to 5 with a mean near 4, and follow quality', () => {
    const { rating, item } = shop.interactions;
    const histogram = [0, 0, 0, 0, 0, 0];
    for (const stars of rating) histogram[stars]++;
    expect(histogram[0]).toBe(0);
    expect(histogram.slice(1).every((count) => count > 50)).toBe(true);
    const mean = rating.reduce((a, b) => a + b, 0) / rating.length;
    expect(mean).toBeGreaterThan(3.8);
    expect(mean).toBeLessThan(4.3);
    const quality = Array.from(item, (i) => shop.secrets.catalog.quality[i]);
    expect(correlation(quality, rating)).toBeGreaterThan(0.25);
  });
});

describe('the catalog', () => {
  const { items } = shop;

  test('eight categories of four subcategories, ids in order', () => {
    expect(new Set(items.map((item) => item.category)).size).toBe(8);
    expect(new Set(items.map((item) => `${item.category} ${item.subcategory}`)).size).toBe(32);
    expect(items[0].id).toBe('P0001');
    expect(shop.itemIds.names.at(-1)).toBe('P2000');
  });

  test('a few prices, brands and descriptions are missing; prices are positive', () => {
    for (const [column, expected] of [
      ['price', 0.04],
      ['brand', 0.03],
      ['description', 0.05],
    ] as const)
      expect(Math.abs(share(2000, (i) => items[i][column] === undefined) - expected)).toBeLessThan(0.02);
    for (const { price } of items) if (price !== undefined) expect(price).toBeGreaterThan(0);
  });

  test('titles show brand, and the part of a series after the part before', () => {
    const { previous } = shop.secrets.catalog;
    let parts = 0;
    items.forEach((item, i) => {
      if (item.brand !== undefined) expect(item.title).toContain(item.brand);
      if (previous[i] < 0) return;
      parts++;
      const part = (title: string) => Number(title.match(/Part (\d+)/)![1]);
      expect(part(item.title)).toBe(part(items[previous[i]].title) + 1);
      expect(item.title.split(',')[0]).toBe(items[previous[i]].title.split(',')[0]);
    });
    expect(parts).toBeGreaterThan(200);
  });

  test('the smallest shop holds every shelf', () => {
    const tiny = generateShop({ users: 10, items: 100, interactionsPerUser: 6 });
    expect(new Set(tiny.items.map((item) => item.subcategory)).size).toBe(32);
    expect(tiny.items.length).toBe(100);
  });
});

describe('reviews', () => {
  const rows = shop.interactions.user.length;
  const step = 9;
  const reviews = Array.from({ length: Math.floor(rows / step) }, (_, k) => reviewOf(shop, k * step));

  test('are whole sentences; some are empty', () => {
    expect(reviewOf(shop, 5)).toEqual(reviewOf(shop, 5));
    expect(Math.abs(share(reviews.length, (k) => reviews[k].text === '') - 0.08)).toBeLessThan(0.015);
    expect(Math.abs(share(reviews.length, (k) => reviews[k].title === '') - 0.05)).toBeLessThan(0.015);
    expect(reviews.filter(({ title, text }) => /[{}]|undefined/.test(`${title} ${text}`))).toEqual([]);
    expect(reviews.filter(({ text }) => text && !/^[A-Z].*[.!]$/.test(text))).toEqual([]);
    const written = reviews.map(({ text }) => text).filter(Boolean);
    expect(new Set(written).size / written.length).toBeGreaterThan(0.8);
  });

  test('praise goes with many stars, blame with few', () => {
    const blame = /terrible|awful|let down by|a joke|bad \w/i;
    const praise = /excellent|impressed|great|stands out|will love|worth it/i;
    const stars = (k: number) => shop.interactions.rating[k * step];
    const texts = (low: number, high: number) =>
      reviews.filter(({ text }, k) => text && stars(k) >= low && stars(k) <= high).map(({ text }) => text);
    expect(texts(4, 5).filter((text) => !praise.test(text))).toEqual([]);
    expect(texts(1, 2).filter((text) => !blame.test(text))).toEqual([]);
    expect(texts(4, 5).length).toBeGreaterThan(1000);
    expect(texts(1, 2).length).toBeGreaterThan(100);
  });

  test('name the strength of an item that is liked', () => {
    const { strength } = shop.secrets.catalog;
    const said = new Map<string, Set<number>>();
    reviews.forEach(({ text }, k) => {
      const item = shop.interactions.item[k * step];
      const aspect = text.match(/What stands out is the ([\w -]+):/)?.[1];
      if (aspect === undefined) return;
      const key = `${shop.items[item].subcategory} ${aspect}`;
      said.set(key, (said.get(key) ?? new Set()).add(strength[item]));
    });
    expect(said.size).toBeGreaterThan(50);
    for (const strengths of said.values()) expect(strengths.size).toBe(1);
  });
});
