import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Matrix, Vocabulary } from '@towerkit/core';

import { firstVectors } from '../src/fit/first-vectors.js';
import {
  Bm25,
  evaluateQueries,
  FeatureTable,
  SearchModel,
  SearchTower,
  tokensOf,
  type Judgments,
} from '../src/index.js';
import { BagTower } from '../src/tower/bag-tower.js';
import { toolShop } from './tool-shop.js';

const READ = { ngrams: [3, 4], ngramWeight: 0.5, pairs: true };

const { products } = toolShop();
const texts = [...products.map(({ title }) => title), ''];
const tokens = texts.map(tokensOf);
const { table, counts } = FeatureTable.fit(tokens, [], READ, 1);
const dimensions = 256;
const vectors = firstVectors(table, counts, texts.length, { dimensions, pairWeight: 0.5, seed: 1 });
const bag = new BagTower(table, new Matrix(table.size, dimensions, vectors));
const tower = new SearchTower({ bag });
const parts = { texts, tower, vectors: bag.encodeAll(texts), lexical: {}, weight: 1 };

describe('a search of words and vectors', () => {
  let model: SearchModel;
  beforeAll(async () => {
    model = await SearchModel.of(parts, { threads: 1 });
  });
  afterAll(() => model.close());
  const titles = async (...asked: Parameters<SearchModel['search']>) =>
    (await model.search(...asked)).map(({ item }) => texts[item]);

  test('finds what is asked for, best first, and says what each score is made of', async () => {
    const hits = await model.search('red claw hammer 2x4', 5);
    expect(texts[hits[0].item]).toMatch(/Red Claw Hammer 2x4/);
    for (const [place, hit] of hits.entries()) {
      expect(hit.lexical).toBeGreaterThan(0);
      expect(hit.tower).toBeLessThanOrEqual(1.0001);
      if (place > 0) expect(hit.score).toBeLessThanOrEqual(hits[place - 1].score);
    }
  });

  test('a word with a typo is found by its parts, which BM25 alone does not', async () => {
    expect(await titles('showr', 5)).toEqual(expect.arrayContaining([expect.stringMatching(/Shower/)]));
    expect(await titles('showr', 5, { by: 'bm25' })).toEqual([]);
  });

  test('the list is that of all products scored one by one', async () => {
    const judged = products.map((_, item) => item);
    const judgments: Judgments = {
      queries: new Vocabulary(['oak door lock 3/4']),
      start: Int32Array.of(0, judged.length),
      products: Int32Array.from(judged),
      gains: new Float32Array(judged.length).fill(1),
      ...{ unknown: 0, repeated: 0, skipped: 0 },
    };
    // Of one relevant product after the other, MRR says its rank where it is among the first ten.
    const hits = await model.search('oak door lock 3/4', 10);
    const asked = await tower.encode(['oak door lock 3/4']);
    for (const [place, { item }] of hits.entries()) {
      const { hybrid } = await evaluateQueries(
        { lexical: new Bm25(tokens), vectors: { queries: asked, products: parts.vectors } },
        { ...judgments, start: Int32Array.of(0, 1), products: Int32Array.of(item) },
        [0],
        { relevant: 0.5, hybrids: { hybrid: 1 }, threads: 1 },
      );
      expect(hybrid[0]['mrr@10']).toBeCloseTo(1 / (place + 1), 5);
    }
  });

  test('only what is allowed, and k of it', async () => {
    const allow = products.flatMap(({ brand }, item) => (brand === 'Bolt' ? [item] : []));
    const hits = await model.search('black ceiling fan', 7, { allow });
    expect(hits).toHaveLength(7);
    for (const { item } of hits) expect(allow).toContain(item);
  });

  test('a history moves products like it up among those that answer the query', async () => {
    const own = products.flatMap(({ title }, item) =>
      /Red (Door Lock|Ceiling Fan)/.test(title) ? [item] : [],
    );
    const plain = await model.search('claw hammer', 20);
    /** Sum of the places of what is red, which is what the history is. */
    const placesOf = async (personal: number) => {
      const hits = await model.search('claw hammer', texts.length, { history: own, personal });
      return hits.reduce(
        (sum, { item }, place) => sum + (/Red Claw Hammer/.test(texts[item]) ? place : 0),
        0,
      );
    };
    expect(await placesOf(0.5)).toBeLessThan(await placesOf(0));
    const moved = await model.search('claw hammer', 4, { history: own });
    for (const { item } of moved) expect(texts[item]).toMatch(/Claw Hammer/);
    expect(await model.search('claw hammer', 20, { history: own, personal: 0 })).toEqual(plain);
    expect(await model.search('claw hammer', 20, { history: [] })).toEqual(plain);
  });

  test('a product without a text is not found', async () => {
    const all = await model.search('hammer', texts.length);
    expect(all.map(({ item }) => item)).not.toContain(texts.length - 1);
  });

  test.each(['', '   ', '😀🔨', '--- !!'])('a query without a word: %j', async (query) => {
    await expect(model.search(query)).rejects.toMatchObject({ code: 'EMPTY_TEXT' });
  });

  test('a query of 10,000 characters, and one of another script', async () => {
    const long = await model.search('claw hammer '.repeat(850), 3);
    expect(long).toHaveLength(3);
    expect(texts[long[0].item]).toMatch(/Hammer/);
    expect(await model.search('молоток', 3)).toEqual([]);
  });

  test.each([
    [0, {}],
    [3, { by: 'other' as 'tower' }],
    [3, { personal: -1 }],
  ])('refuses k %j with %j', async (k, options) => {
    await expect(model.search('hammer', k, options)).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });

  test('parts that do not fit', async () => {
    await expect(SearchModel.of({ ...parts, texts: ['a'] })).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
    });
    await expect(SearchModel.of({ ...parts, weight: -1 })).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });
});

test('before any training a cosine is about that of the features by their rarity', () => {
  const wide = firstVectors(table, counts, texts.length, { dimensions: 2048, pairWeight: 0.5, seed: 2 });
  const encoder = new BagTower(table, new Matrix(table.size, 2048, wide));
  const weightsOf = (text: string) => {
    const { rows, weights } = table.read(tokensOf(text));
    return new Map(
      rows.map((row, at) => {
        const length = Math.log(1 + texts.length / counts[row]) * (table.names[row][0] === 'p' ? 0.5 : 1);
        return [row, weights[at] * length];
      }),
    );
  };
  const [a, b] = ['black claw hammer', 'Acme Black Claw Hammer 12 in.'];
  const [x, y] = [weightsOf(a), weightsOf(b)];
  const norm = (m: Map<number, number>) => Math.hypot(...m.values());
  const sparse =
    [...x].reduce((sum, [row, weight]) => sum + weight * (y.get(row) ?? 0), 0) / (norm(x) * norm(y));
  const [u, v] = [encoder.encode(tokensOf(a)), encoder.encode(tokensOf(b))];
  const cosine = u.reduce((sum, value, d) => sum + value * v[d], 0);
  expect(Math.abs(cosine - sparse)).toBeLessThan(0.08);
});
