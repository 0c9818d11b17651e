import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { lastLine, removeFolder, towerkit, workFolder } from './command.js';

let folder: string;
const write = (name: string, rows: readonly object[]) =>
  writeFile(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

const KITCHENS = ['Pizza', 'Sushi Bars', 'Vegan'];

/** Businesses in the published schema with its quirks: attributes that are null or Python's text, no categories, a shop with a cafe's word. */
const businesses = [
  ...Array.from({ length: 36 }, (_, n) => ({
    business_id: `b${n}`,
    name: `${KITCHENS[n % 3]} "No. ${n}"`,
    address: '',
    city: 'Philadelphia',
    state: 'PA',
    postal_code: '19107',
    latitude: 39.95 + n / 1000,
    longitude: -75.16 - (n % 3) / 100,
    stars: 3 + (n % 5) / 2,
    review_count: 10 + n,
    is_open: 1,
    attributes:
      n % 6 === 5
        ? null
        : {
            RestaurantsPriceRange2: n % 6 === 4 ? 'None' : `${1 + (n % 3)}`,
            WiFi: "u'free'",
            Ambience: "{'romantic': False}",
          },
    categories: n % 2 ? `${KITCHENS[n % 3]}, Restaurants` : `Restaurants, ${KITCHENS[n % 3]}, Food`,
    hours: n % 4 ? { Monday: '0:0-0:0', Friday: '11:0-23:30' } : null,
  })),
  {
    business_id: 'tools',
    name: 'Tools',
    latitude: 39.9,
    longitude: -75.1,
    stars: 4,
    review_count: 9,
    attributes: null,
    categories: 'Restaurant Supplies, Shopping',
  },
  {
    business_id: 'unsaid',
    name: 'Unsaid',
    latitude: 39.9,
    longitude: -75.1,
    stars: 4,
    review_count: 9,
    attributes: null,
    categories: null,
  },
];

/** Everybody likes one kitchen and says so, reviews others badly, and goes to the shop too. */
function reviews(): object[] {
  const rng = new Rng(3);
  return Array.from({ length: 90 }, (_, user) => {
    const own = Array.from({ length: 8 }, (_, step) => {
      const liked = step % 4 < 3;
      const kitchen = (user + (liked ? 0 : 1)) % 3;
      return { business_id: `b${kitchen + 3 * rng.integer(12)}`, stars: liked ? 5 : 1 };
    });
    return [...own, { business_id: 'tools', stars: 5 }, { business_id: 'unsaid', stars: 5 }].map(
      (row, step) => ({
        review_id: `r${user}-${step}`,
        user_id: `u${user}`,
        ...row,
        useful: 0,
        funny: 0,
        cool: 0,
        text: 'Best in town.\n\nWould "come" again,\tsoon.',
        date: `2018-07-${String(1 + step).padStart(2, '0')} 22:09:11`,
      }),
    );
  }).flat();
}

beforeAll(async () => {
  folder = await workFolder();
  await write('yelp_academic_dataset_business.json', businesses);
  await write('yelp_academic_dataset_review.json', reviews());
});
afterAll(() => removeFolder(folder));

test('Yelp as published: restaurants alone, reviews as weights and dislikes, a profile that knows the kitchen', async () => {
  const run = await towerkit(
    ['train', '--config', 'yelp', '--data', '.', '--out', 'yelp', '--threads', '1', '--json'],
    folder,
  );
  expect([run.status, run.stderr]).toEqual([0, expect.stringContaining('catalog.where')]);
  const { metrics } = lastLine(run);
  expect(Object.keys(metrics)).toEqual(['recall@10', 'hr@10', 'precision@10', 'ndcg@10']);
  // Twelve of the thirty-six are of the kitchen that a user likes: by chance .28 of them would be among ten.
  expect(metrics['recall@10'].value).toBeGreaterThan(0.5);
  const asked = await towerkit(
    [
      'recommend',
      '--artifact',
      'yelp',
      '--history',
      'b0,b3',
      '-k',
      '8',
      '--near',
      '39.95,-75.16,5',
      '--json',
    ],
    folder,
  );
  const { items } = lastLine(asked) as { items: { id: string; title: string; distanceKm: number }[] };
  expect(items.filter(({ title }) => title.startsWith('Pizza')).length).toBeGreaterThanOrEqual(6);
  for (const { distanceKm } of items) expect(distanceKm).toBeLessThanOrEqual(5);
});

test.each([
  ["category LIKE '%Circus%'", 'EMPTY_DATA', "has no row to use where category LIKE '%Circus%'"],
  ['category LIKES 3', 'BAD_OPTION', 'must be a condition in SQL'],
  ['cuisine IS NULL', 'BAD_OPTION', 'cuisine'],
])('catalog.where: %s', async (where, code, said) => {
  await writeFile(
    join(folder, 'where.mjs'),
    `export default { name: 'where', data: { path: '.', dataset: {
      file: 'yelp_academic_dataset_review.json', format: 'jsonl', columns: { user: 'user_id', item: 'business_id' },
      catalog: { file: 'yelp_academic_dataset_business.json', format: 'jsonl', columns: { id: 'business_id', category: 'categories' }, where: ${JSON.stringify(where)} },
    } } };`,
  );
  const run = await towerkit(['baseline', 'popularity', '--config', 'where.mjs', '--out', 'x'], folder);
  expect(run.status).not.toBe(0);
  expect(run.stderr).toContain(code);
  expect(run.stderr).toContain(said);
});
