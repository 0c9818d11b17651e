import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Vocabulary } from '@towerkit/core';
import { createEngine, type Engine } from '@towerkit/engine';

import { fitSearch } from '../src/fit.js';
import {
  evaluateQueries,
  Bm25,
  inputFeatures,
  searchSchema,
  splitQueries,
  summarize,
  tokensOf,
  type Judgments,
} from '../src/index.js';
import { toolShop } from './tool-shop.js';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
});
afterAll(() => engine.dispose());

/** Each title twice, of two brands: no text tells them apart. */
const titles = toolShop().products.map(({ title }) => title.replace(/^(Acme|Bolt) /, ''));
const products = titles.flatMap((title) => ['acme', 'bolt'].map((brand) => ({ title, brand })));
const texts = products.map(({ title }) => title);
const ids = products.map((_, item) => `p${item}`);

/** Queries that ask for a brand: what is of it is meant and the rest is not. */
function judgmentsOf(): Judgments {
  const queries = ['acme', 'bolt'].flatMap((brand) =>
    ['', ...'now good cheap new best big nice fine low top'.split(' ')].map((more) =>
      `${brand} maker ${more}`.trim(),
    ),
  );
  const size = products.length;
  return {
    queries: new Vocabulary(queries),
    start: Int32Array.from({ length: queries.length + 1 }, (_, row) => row * size),
    products: Int32Array.from({ length: queries.length * size }, (_, row) => row % size),
    gains: Float32Array.from(
      queries.flatMap((query) => products.map(({ brand }) => (query.startsWith(brand) ? 1 : 0))),
    ),
    ...{ unknown: 0, repeated: 0, skipped: 0 },
  };
}

/** NDCG@10 of the towers on queries held back: the chance is about .5. */
async function qualityOf(tower: object, more: object = {}): Promise<number> {
  const judgments = judgmentsOf();
  const search = searchSchema.parse({
    tower: { dimensions: 32, minCount: 1, ...tower },
    ...{ epochs: 4, batchSize: 32, hardNegatives: 5, dropout: 0.2, titles: 0.2, ...more },
    heldBack: { test: 0.25, validation: 0.2 },
  });
  const split = splitQueries(judgments.queries.names, search.heldBack, 4);
  const column = (name: string) => (name === 'brand' ? products.map(({ brand }) => brand) : undefined);
  const fitted = await fitSearch(
    { texts, judgments, split, products: { ids, column } },
    { search, relevant: 0.65, seed: 0, engine, threads: 1 },
  );
  const inputs = inputFeatures(fitted.inputs, { ids, column });
  const again = await fitted.tower.encodeProducts(texts, inputs);
  again.data.forEach((value, at) => expect(value).toBeCloseTo(fitted.vectors.data[at], 4));
  const asked = Array.from(split.test, (query) => judgments.queries.names[query]);
  const vectors = { queries: await fitted.tower.encode(asked), products: fitted.vectors };
  const lexical = new Bm25(texts.map(tokensOf));
  const ranked = await evaluateQueries({ lexical, vectors }, judgments, split.test, {
    ...{ relevant: 0.65, threads: 1, hybrids: {} },
  });
  return summarize(ranked.tower)['ndcg@10'].value;
}

test('a brand that no text says is learned from a category, with tables that are shared or not', async () => {
  const shared = await qualityOf({ product: { categories: ['brand'] } });
  const separate = await qualityOf({ product: { categories: ['brand'] }, tables: 'separate' });
  for (const quality of [shared, separate]) expect(quality).toBeGreaterThan(0.9);
}, 240_000);

test('with ids, negatives by ranks and steps, and what is exact of how often candidates come, it is learned as well', async () => {
  const tower = { product: { categories: ['brand'], id: true } };
  const more = { logQ: 'candidates', ownNegatives: { ranks: [3, 20], every: 3 } };
  expect(await qualityOf(tower, more)).toBeGreaterThan(0.9);
}, 240_000);
