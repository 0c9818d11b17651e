import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeInteractions } from '@towerkit/data';
import { checkConfig, prepare, trainBaseline, trainRecommender, type BaselineName } from '@towerkit/pipeline';
import { openArtifact } from '@towerkit/recommend';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';

import { compareVariants, writeReport, type WrittenReport } from '../src/index.js';
import { CHROMIUM, launch, openPage, violations } from '@towerkit/workspace/browser';

let folder: string;
let written: WrittenReport;
let text: string;
let html: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'));
  // Readers of a series of 40 books, with ratings that depend on the volume.
  const rows = { user: [] as string[], item: [] as string[], rating: [] as number[] };
  for (let reader = 0; reader < 120; reader++)
    for (let step = 0, book = reader; step < 12; step++, book += 1 + ((reader * step) % 2)) {
      rows.user.push(`reader ${reader}`);
      rows.item.push(`volume ${book % 40}`);
      rows.rating.push(1 + ((book + reader) % 5));
    }
  const config = checkConfig({ name: 'books', epochs: 2, batchSize: 64, threads: 1 });
  const prepared = await prepare({ name: 'books', log: encodeInteractions(rows) }, config);
  for (const name of ['popularity', 'item-knn', 'als', 'svd'] satisfies BaselineName[]) {
    const trained = await trainBaseline(name, prepared, config);
    await trained.save(join(folder, name));
    await trained.model.dispose?.();
  }
  for (const seed of [0, 1]) {
    const { user, item, rating } = rows;
    const tower = await trainRecommender({
      name: 'books',
      interactions: { user, item, rating },
      epochs: 2,
      seed,
      threads: 1,
    });
    await tower.save(join(folder, `tower-${seed}`));
    await tower.dispose();
  }
  const artifacts = ['popularity', 'item-knn', 'als', 'svd', 'tower-0', 'tower-1'].map((name) =>
    join(folder, name),
  );
  written = await writeReport({ artifacts, open: openArtifact, out: join(folder, 'out/books.html') });
  text = await readFile(written.markdown, 'utf8');
  html = await readFile(written.html, 'utf8');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('seeds are one variant, with the mean of their figures and the spread', () => {
  const { artifacts, variants } = written.study;
  expect(variants.map(({ label, members }) => [label, members.length])).toEqual([
    ['popularity', 1],
    ['item-knn', 1],
    ['als', 1],
    ['svd', 1],
    ['books', 2],
  ]);
  const figures = compareVariants(artifacts, variants, 'ndcg@10');
  const [a, b] = [4, 5].map((place) => artifacts[place].evaluation.metrics['ndcg@10'].value);
  expect(figures[4].value).toBeCloseTo((a + b) / 2, 10);
  expect(figures[4].deviation).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 10);
  expect(figures[1].test!.difference).toBeCloseTo(figures[1].value - figures[0].value, 10);
  for (const { test } of figures.slice(1)) expect(test!.corrected).toBeGreaterThanOrEqual(test!.p);
});

test('sampled figures stand beside those of full ranking, under a name that says so, and are no lower', () => {
  expect(text).toContain('sampled100-ndcg@10');
  for (const { evaluation, sampled } of written.study.artifacts)
    expect(sampled['hr@10'].value).toBeGreaterThanOrEqual(evaluation.metrics['hr@10'].value - 1e-9);
});

test('the cold-start table asks strangers: one that only knows its users cannot serve', () => {
  const { cold, artifacts } = written.study;
  expect(cold!.cuts).toEqual([3, 5, 10]); // nobody has twenty items
  const of = (name: string) => artifacts.find(({ folder }) => folder.endsWith(name))!.cold!;
  expect(of('svd').cut).toBeUndefined();
  expect(text).toMatch(/\| svd \| 0\.\d{4} \| cannot serve \| cannot serve \| cannot serve \|/);
  expect(of('item-knn').cut).toHaveLength(3);
  expect(of('popularity').cut!.map(({ value }) => value)).toEqual(
    new Array(3).fill(of('popularity').none.value),
  );
});

test('groups of users add up to all of them', () => {
  const [{ evaluation, byLength, byRarity }] = written.study.artifacts;
  for (const groups of [byLength, byRarity]) {
    const users = groups.reduce((sum, { metrics }) => sum + metrics['ndcg@10'].users, 0);
    expect(users).toBe(evaluation.users.length);
    const mean =
      groups.reduce(
        (
          sum,
          {
            metrics: {
              'ndcg@10': { value, users },
            },
          },
        ) => sum + value * users,
        0,
      ) / users;
    expect(mean).toBeCloseTo(evaluation.metrics['ndcg@10'].value, 10);
  }
});

test('curves, cost, ratings, lists, index and map are all there', async () => {
  const { artifacts, shown } = written.study;
  expect(artifacts[4].curve).toHaveLength(2);
  expect(artifacts[4].index).toEqual({ index: 'exact', recall: 1 });
  for (const { cost } of artifacts) expect(cost.bytes).toBeGreaterThan(1000);
  expect(artifacts[0].cost.fitSeconds).toBeGreaterThanOrEqual(0);
  const svd = artifacts[3].ratings!;
  expect(svd.calibration.reduce((sum, { ratings }) => sum + ratings, 0)).toBe(svd.rmse.ratings);
  expect(shown).toHaveLength(10);
  for (const { lists } of shown) expect(lists.map(({ items }) => items.length)).toEqual(new Array(5).fill(5));
  expect(artifacts[2].map!.points).toHaveLength(40);
  const figures = (await readdir(join(folder, 'out/books'))).sort();
  expect(figures).toEqual(
    [...new Set([...text.matchAll(/\(books\/([\w-]+\.svg)\)/g)].map(([, name]) => name))].sort(),
  );
  expect(figures).toEqual(
    expect.arrayContaining(['calibration.svg', 'curves.svg', 'item-map.svg', 'quality.svg']),
  );
});

test('the HTML needs nothing from elsewhere', () => {
  expect(html.match(/<script|<link|@import|url\((?!#)/g)).toBeNull();
  const urls = html.match(/https?:\/\/[^"' <]+/g) ?? [];
  expect(urls.filter((url) => url !== 'http://www.w3.org/2000/svg')).toEqual([]);
});

test('the same artifacts give the same figures again', async () => {
  const again = await writeReport({
    artifacts: written.study.artifacts.map(({ folder }) => folder),
    open: openArtifact,
    out: join(folder, 'again/books.html'),
  });
  const plain = (text: string) => text.replaceAll(/\d+\.\d\d ms/g, 'ms');
  expect(plain(await readFile(again.markdown, 'utf8')) === plain(text)).toBe(true);
  expect(plain(await readFile(again.html, 'utf8')) === plain(html)).toBe(true);
  expect(new Set(html.match(/ id="[^"]+"/g)).size).toBe(html.match(/ id="[^"]+"/g)!.length);
});

// Skipped, and listed as such, where no browser is named.
(CHROMIUM ? describe : describe.skip)('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test.each([
    ['desktop', { viewport: { width: 1280, height: 900 } }],
    ['phone', { viewport: { width: 375, height: 740 }, isMobile: true }],
  ])('axe finds nothing, light and dark, and nothing is wider than the page: %s', async (_, options) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, hosts, close } = await openPage(browser, pathToFileURL(written.html).href, {
        ...options,
        colorScheme,
      });
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      expect([...hosts]).toEqual(['']);
      await close();
    }
  });
});
