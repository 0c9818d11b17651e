import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Matrix, Vocabulary } from '@towerkit/core';
import { createEngine, type Engine } from '@towerkit/engine';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fitSearch } from '../src/fit.js';
import { gainsOf } from '../src/fit/examples.js';
import { nearNegatives, wordNegatives } from '../src/fit/hard-negatives.js';
import {
  Bm25,
  evaluateQueries,
  queryLeakage,
  readJudgments,
  searchSchema,
  spellingKey,
  splitQueries,
  summarize,
  tokensOf,
  type Judgments,
} from '../src/index.js';
import { toolShop } from './tool-shop.js';

let engine: Engine;
let folder: string;
beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
  folder = await mkdtemp(join(tmpdir(), 'towerkit-search-'));
});
afterAll(async () => {
  await engine.dispose();
  await rm(folder, { recursive: true, force: true });
});

const shop = toolShop();
const catalog = new Vocabulary(shop.products.map(({ id }) => id));
const columns = { query: 'query', product: 'product', label: 'label' };

async function write(name: string, lines: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

async function judgmentsOf(): Promise<Judgments> {
  const lines = shop.judgments.map(({ query, product, label }) => `${query},${product},${label}`);
  const path = await write('judgments.csv', ['query,product,label', ...lines]);
  return readJudgments({ path, columns, labels: { range: [1, 4] }, products: catalog });
}

describe('judgments', () => {
  const read = async (
    lines: readonly string[],
    labels: { range: [number, number] } | { table: Record<string, number> },
  ) =>
    readJudgments({
      path: await write('some.csv', ['query,product,label', ...lines]),
      columns,
      labels,
      products: catalog,
    });

  test('labels by a range and by a table', async () => {
    const ranged = await read(['drill,p0-0-0,3', 'drill,p0-0-1,1'], { range: [1, 4] });
    expect([...ranged.gains].map((gain) => gain.toFixed(3))).toEqual(['0.667', '0.000']);
    const tabled = await read(['drill,p0-0-0,E', 'drill,p0-0-1,S'], {
      table: { E: 1, S: 0.1, C: 0.01, I: 0 },
    });
    expect(tabled.gains[1]).toBeCloseTo(0.1, 6);
  });

  test.each([
    ['drill,p0-0-0,5', { range: [1, 4] as [number, number] }],
    ['drill,p0-0-0,', { range: [1, 4] as [number, number] }],
    ['drill,p0-0-0,X', { table: { E: 1 } }],
    ['drill,p0-0-0,constructor', { table: { E: 1 } }],
  ])('a label outside what is known: %s', async (line, labels) => {
    await expect(read([line], labels)).rejects.toMatchObject({ code: 'BAD_LABEL' });
  });

  test('products that the catalog lacks stay as ones that nothing finds; repeats go', async () => {
    const judgments = await read(['drill,gone,4', 'drill,p0-0-0,4', 'drill,p0-0-0,1'], { range: [1, 4] });
    expect([...judgments.products]).toEqual([-1, 0]);
    expect(judgments).toMatchObject({ unknown: 1, repeated: 1 });
    await expect(read(['drill,gone,4'], { range: [1, 4] })).rejects.toMatchObject({ code: 'NO_JUDGMENTS' });
  });

  test('an empty query is a bad row', async () => {
    await expect(read([',p0-0-0,4'], { range: [1, 4] })).rejects.toMatchObject({ code: 'BAD_ROW' });
  });
});

describe('the split by query', () => {
  const queries = [
    'red hammer',
    'Hammers, RED',
    'hammer red',
    '12 in saw',
    '12" saw',
    ...'abcdefghijklmnop'.split(''),
  ];

  test('keeps spellings together, loses none, and follows from the seed', () => {
    const split = splitQueries(queries, { test: 0.3, validation: 0.2 }, 1);
    const all = [...split.train, ...split.validation, ...split.test];
    expect(all.sort((a, b) => a - b)).toEqual([...queries.keys()]);
    for (const part of Object.values(split))
      for (const pair of [
        [0, 1],
        [0, 2],
        [3, 4],
      ])
        expect(part.includes(pair[0])).toBe(part.includes(pair[1]));
    expect(splitQueries(queries, { test: 0.3, validation: 0.2 }, 1)).toEqual(split);
    expect(splitQueries(queries, { test: 0.3, validation: 0.2 }, 2)).not.toEqual(split);
  });

  test('too few queries', () => {
    expect(() => splitQueries(['a'], { test: 0.2, validation: 0.1 }, 0)).toThrow(
      expect.objectContaining({ code: 'EMPTY_SPLIT' }),
    );
  });

  test('leakage: a query that was trained on, one in another spelling, new products and words', () => {
    const judgments = {
      queries: new Vocabulary(['red hammer', 'Hammers red', 'zzz']),
      start: Int32Array.of(0, 1, 2, 3),
      products: Int32Array.of(0, 1, -1),
    };
    const trained = { queries: ['red hammer'], products: Uint8Array.of(1, 0) };
    expect(queryLeakage(judgments, [0, 1, 2], trained, () => false)).toEqual({
      ...{ queries: 3, same: 1, respelled: 1, products: 2, unseenProducts: 1, unseenWords: 1 },
    });
    expect(spellingKey('😀')).toBe('😀');
  });
});

test('hard negatives are what BM25 or the towers find and nobody judged', async () => {
  const judgments = await judgmentsOf();
  const tokens = judgments.queries.names.map(tokensOf);
  const lexical = new Bm25(shop.products.map(({ title }) => tokensOf(title)));
  const queries = [...tokens.keys()];
  const judged = queries.map((query) => gainsOf(judgments, query));
  const words = wordNegatives(queries, tokens, judged, lexical, 10);
  expect(words[1].length).toBeGreaterThan(5);
  // The vectors of queries are those of products 0, 1, ...: each is nearest to its own.
  const vectors = new Matrix(shop.products.length, shop.products.length);
  for (let row = 0; row < vectors.rows; row++) vectors.row(row)[row] = 1;
  const near = await nearNegatives(
    [0, 2],
    {
      queries: new Matrix(2, vectors.cols, vectors.data.slice(150 * vectors.cols, 152 * vectors.cols)),
      products: vectors,
    },
    judged,
    [1, 3],
    { threads: 1 },
  );
  expect(near[0][0]).toBe(150);
  expect(near[1][0]).toBe(151);
  for (const lists of [words, near])
    lists.forEach((items, at) =>
      items.forEach((item) => expect(judged[lists === near ? [0, 2][at] : at].has(item)).toBe(false)),
    );
});

test('training finds what words alone do not, and keeps the epoch that validates best', async () => {
  const judgments = await judgmentsOf();
  const search = searchSchema.parse({
    tower: { dimensions: 32, minCount: 1 },
    ...{ epochs: 3, batchSize: 32, hardNegatives: 5 },
    heldBack: { test: 0.25, validation: 0.15 },
  });
  const split = splitQueries(judgments.queries.names, search.heldBack, 4);
  const texts = shop.products.map(({ title }) => title);
  const fit = (signal?: AbortSignal) =>
    fitSearch({ texts, judgments, split }, { search, relevant: 0.65, seed: 0, engine, threads: 1, signal });
  const fitted = await fit();
  expect(fitted.epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3]);
  expect(fitted.epochs[fitted.best].value).toBe(Math.max(...fitted.epochs.map(({ value }) => value)));
  const lexical = new Bm25(texts.map(tokensOf), search.lexical);
  const asked = Array.from(split.test, (query) => judgments.queries.names[query]);
  const vectors = { queries: await fitted.tower.encode(asked), products: fitted.vectors };
  const references = { same: vectors };
  const ranked = await evaluateQueries({ lexical, vectors, references }, judgments, split.test, {
    ...{ relevant: 0.65, threads: 1, reciprocal: true },
    hybrids: { hybrid: fitted.weight },
  });
  const value = (name: string) => summarize(ranked[name])['recall@10'].value;
  expect(value('tower')).toBeGreaterThan(value('bm25'));
  expect(Object.keys(ranked)).toEqual(['tower', 'bm25', 'hybrid', 'reciprocal-ranks', 'same', 'bm25+same']);
  expect(ranked.same).toEqual(ranked.tower);
  const again = await fit();
  expect(again.vectors.data).toEqual(fitted.vectors.data);
  await expect(fit(AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
});

test.each([
  [
    'layers, a learned temperature and own negatives',
    { tower: { layers: [{ units: 32, norm: 'layer' }] }, temperature: 'learned', ownNegatives: 5 },
  ],
  [
    'batch norm, dropout of layers and a margin',
    { tower: { layers: [{ units: 24, norm: 'batch' }] }, headDropout: 0.1, loss: 'margin' },
  ],
  ['sentences beside the features', { tower: {} }],
] as const)('towers with %s learn, and encode as they were trained', async (name, { tower, ...rest }) => {
  const judgments = await judgmentsOf();
  const search = searchSchema.parse({
    tower: { dimensions: 32, minCount: 1, ...tower },
    ...{ epochs: 2, batchSize: 32, hardNegatives: 5, ...rest },
    heldBack: { test: 0.25, validation: 0.15 },
  });
  const split = splitQueries(judgments.queries.names, search.heldBack, 4);
  const texts = shop.products.map(({ title }) => title);
  // A sentence vector that tells two kinds of words apart.
  const sentences = {
    dimensions: 2,
    encode: (all: readonly string[]) => {
      const out = new Matrix(all.length, 2);
      all.forEach((text, row) => (out.row(row)[/nail|hammer/i.test(text) ? 0 : 1] = 1));
      return Promise.resolve(out);
    },
  };
  const fitted = await fitSearch(
    { texts, judgments, split },
    {
      search,
      relevant: 0.65,
      seed: 0,
      engine,
      threads: 1,
      ...(name.startsWith('sentences') && { sentences }),
    },
  );
  expect(fitted.best).toBeGreaterThan(0);
  const again = await fitted.tower.encode(texts.slice(0, 5));
  for (let row = 0; row < 5; row++) {
    again.row(row).forEach((value, d) => expect(value).toBeCloseTo(fitted.vectors.row(row)[d], 4));
    expect(Math.hypot(...again.row(row))).toBeCloseTo(1, 4);
  }
});
