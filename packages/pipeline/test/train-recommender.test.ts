import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readArtifact } from '@towerkit/artifact';
import { gruTower, itemTower, twoTower } from '@towerkit/towers';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  addItems,
  evaluateArtifact,
  trainRecommender,
  type ModelShapes,
  type TrainedRecommender,
  type TrainRecommenderOptions,
} from '../src/index.js';
import { arraysOf, opened, shopItems, shopRows } from './toy.js';

const settings = {
  features: {
    categories: { kind: {} },
    numeric: { price: {} },
    text: { title: { encoder: { kind: 'lsa' as const, dimensions: 8 } } },
  },
  model: ({ numeric, content, categories }: ModelShapes) =>
    twoTower({
      item: itemTower({ dimensions: 8, categories: { kind: categories.kind }, numeric, content }),
      user: gruTower({ dimensions: 8 }),
      idDropout: 0.2,
    }),
  negatives: [{ kind: 'uniform' as const, count: 10 }],
  batchSize: 64,
  optimizer: { learningRate: 0.02 },
  epochs: 3,
  threads: 1,
  seed: 3,
};

let folder: string;
let files: Pick<TrainRecommenderOptions, 'interactions' | 'items'>;
let recommender: TrainedRecommender;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-recommender-'));
  const csv = (rows: readonly (readonly unknown[])[]) => `${rows.map((row) => row.join(',')).join('\n')}\n`;
  const { user, item, time } = arraysOf(shopRows);
  const purchases = join(folder, 'purchases.csv');
  await writeFile(
    purchases,
    csv([['who', 'sku', 'at'], ...user.map((name, row) => [name, item[row], time[row]])]),
  );
  const products = join(folder, 'products.csv');
  await writeFile(
    products,
    csv([
      ['sku', 'name', 'kind', 'cost'],
      ...shopItems.map(({ id, title, kind, price }) => [id, title, kind, price ?? '']),
    ]),
  );
  files = {
    interactions: { path: purchases, columns: { user: 'who', item: 'sku', time: 'at' } },
    items: { path: products, columns: { id: 'sku', title: 'name', kind: 'kind', price: 'cost' } },
  };
  recommender = await trainRecommender({ ...settings, interactions: arraysOf(shopRows), items: shopItems });
});
afterAll(async () => {
  await recommender.dispose();
  await rm(folder, { recursive: true });
});

const QUESTIONS = [['i0', 'i4'], { user: 'u7' }, { history: ['i5'] }, { text: 'old lamp' }] as const;

test('a recommender of arrays has figures with intervals, beside those of popularity', () => {
  expect(recommender.epoch).toBeGreaterThanOrEqual(1);
  expect(recommender.epoch).toBeLessThanOrEqual(3);
  expect(Object.keys(recommender.metrics)).toEqual(['hr@10', 'ndcg@10', 'hr@20']);
  for (const { value, low, high, users } of Object.values(recommender.metrics)) {
    expect(users).toBe(40);
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
  }
  // A user goes on to the last two of the six items of their kind: a model that knows kinds beats one that does not.
  expect(recommender.metrics['hr@10'].value).toBeGreaterThan(recommender.baselines.popularity['hr@10'].value);
});

test('the figures are those of an evaluation of what it answers with', async () => {
  const { metrics, baselines, on, chosenOn } = await recommender.evaluate();
  expect([on, chosenOn]).toEqual(['validation', 'validation']);
  for (const [name, { value }] of Object.entries(recommender.metrics))
    expect(metrics[name].value).toBeCloseTo(value, 5);
  expect(baselines.popularity).toEqual(recommender.baselines.popularity);
});

test('it recommends what is not in the history, by title', async () => {
  const { items, source } = await recommender.recommend(['i0', 'i4'], 5);
  expect(source).toBe('two-tower');
  expect(items).toHaveLength(5);
  for (const { id, title } of items) {
    expect(['i0', 'i4']).not.toContain(id);
    expect(title).toBe(shopItems[Number(id.slice(1))].title);
  }
});

test('saved and opened it gives the same answers, whatever becomes of it', async () => {
  const at = join(folder, 'saved');
  const manifest = await recommender.save(at);
  expect(manifest).toMatchObject({
    kind: 'two-tower',
    name: 'recommender',
    dataset: { users: 40, items: 24 },
  });
  const expected = await Promise.all(QUESTIONS.map((who) => recommender.recommend(who, 6)));
  await opened(at, async (artifact) => {
    for (const [place, who] of QUESTIONS.entries())
      expect(await artifact.recommend(who, 6)).toEqual(expected[place]);
    expect((await evaluateArtifact(artifact)).metrics).toEqual((await recommender.evaluate()).metrics);
  });
});

test('files under other column names give the very same recommender', async () => {
  const other = await trainRecommender({ ...settings, ...files });
  try {
    for (const [name, { value }] of Object.entries(recommender.metrics))
      expect(other.metrics[name].value).toBeCloseTo(value, 6);
    for (const who of QUESTIONS) {
      const [found, expected] = [await other.recommend(who, 6), await recommender.recommend(who, 6)];
      expect(found.items.map(({ id }) => id)).toEqual(expected.items.map(({ id }) => id));
    }
  } finally {
    await other.dispose();
  }
});

test('its temporary folder goes with it, and an artifact that was saved stays', async () => {
  const brief = await trainRecommender({
    interactions: arraysOf(shopRows),
    ...{ epochs: 1, threads: 1, negatives: settings.negatives },
  });
  const { folder: temporary } = brief.artifact;
  expect(existsSync(temporary)).toBe(true);
  await brief.save(join(folder, 'kept'));
  await brief.dispose();
  expect(existsSync(temporary)).toBe(false);
  expect((await readArtifact(join(folder, 'kept'))).titles).toBeUndefined();
});

describe('what cannot be', () => {
  const code = (code: string) => expect.objectContaining({ code });

  test.each([
    ['BAD_CONFIG', { epochs: 0 }],
    ['MISSING_COLUMN', { features: { numeric: { size: {} } } }],
    ['EMPTY_SPLIT', { interactions: { user: ['a', 'b'], item: ['x', 'y'] } }],
    ['EMPTY_DATA', { interactions: { user: [], item: [] } }],
  ])('%s', async (expected, more) => {
    const training = trainRecommender({
      ...{ interactions: arraysOf(shopRows), items: shopItems, threads: 1, epochs: 1 },
      ...(more as Partial<TrainRecommenderOptions>),
    });
    await expect(training).rejects.toThrow(code(expected));
  });

  test('a training that was stopped rejects with the reason', async () => {
    const signal = AbortSignal.abort(new Error('no time'));
    await expect(
      trainRecommender({ interactions: arraysOf(shopRows), threads: 1, epochs: 1, signal }),
    ).rejects.toThrow('no time');
  });
});

test('a saved one takes new items, from a file with its own column names', async () => {
  const at = join(folder, 'grown');
  await recommender.save(at);
  const file = join(folder, 'new.csv');
  await writeFile(file, 'id,title,kind,price\nn1,old lamp bright,lamp,3\nn2,warm tea,,\n');
  expect(await addItems({ artifact: at, items: file, threads: 1 })).toMatchObject({
    added: 2,
    items: 26,
    index: 'none',
  });
  await opened(at, async (artifact) => {
    expect(artifact.titles!.slice(-2)).toEqual(['old lamp bright', 'warm tea']);
    expect(Array.from(artifact.catalog.price).slice(-2)).toEqual([3, null]);
    const { items } = await artifact.recommend({ text: 'old lamp bright' }, 26);
    expect(items.map(({ id }) => id)).toContain('n1');
  });
});
