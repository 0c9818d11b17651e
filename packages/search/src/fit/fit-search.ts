import { Matrix, type OnProgress } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';

import type { Judgments } from '../data/judgments.js';
import type { QuerySplit } from '../data/split-queries.js';
import { evaluateQueries, valueOf } from '../evaluate/evaluate-queries.js';
import { Bm25 } from '../lexical/bm25.js';
import type { SearchConfig } from '../schema.js';
import { BagTower, sumBags } from '../tower/bag-tower.js';
import { SearchTower, type SentenceEncoder } from '../tower/search-tower.js';
import { FeatureTable } from '../words/feature-table.js';
import {
  fitInputs,
  inputFeatures,
  learnedInputs,
  readsInputs,
  type ProductInputs,
  type ProductTable,
} from '../words/product-inputs.js';
import { tokensOf } from '../words/tokens.js';
import { fromRow, type TowerTraining } from './batches.js';
import { examplesOf, gainsOf, LEAST_GAIN } from './examples.js';
import { chooseWeight, WEIGHTS } from '../model/hybrid-weight.js';
import { firstVectors } from './first-vectors.js';
import { nearNegatives, wordNegatives } from './hard-negatives.js';
import type { HeadShape } from './head-parameters.js';
import { ownNegativesOf } from './own-negatives.js';
import { samplingOffsets } from './sampling-offsets.js';
import { trainTower, type TowerState } from './train-tower.js';

/** What search is fitted on. */
export interface SearchData {
  /** Text of each product. */
  readonly texts: readonly string[];
  readonly judgments: Judgments;
  /** Ids and columns of the products, where `tower.product` of the config names any. */
  readonly products?: ProductTable;
  readonly split: Pick<QuerySplit, 'train' | 'validation'>;
}

/** What an epoch came to. */
export interface SearchEpoch {
  /** 0 before the first. */
  readonly epoch: number;
  /** Mean loss of the examples of judgments; NaN for epoch 0. */
  readonly loss: number;
  /** Mean of recall@10, recall@100 and MRR@10 of the tower on the validation queries. */
  readonly value: number;
}

/** Options of {@link fitSearch}. */
export interface FitSearchOptions {
  readonly search: SearchConfig;
  /** Gain from which on a product is relevant. */
  readonly relevant: number;
  readonly seed: number;
  readonly engine: Engine;
  /** Encodes texts as sentences, where the towers read them. */
  readonly sentences?: SentenceEncoder;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly onEpochEnd?: (epoch: SearchEpoch) => void;
}

/** A fitted search. */
export interface FittedSearch {
  readonly texts: readonly string[];
  readonly tower: SearchTower;
  /** Of the products, shape [products, dimensions]. */
  readonly vectors: Matrix;
  /** What the product tower reads beside the text. */
  readonly inputs: ProductInputs;
  readonly lexical: SearchConfig['lexical'];
  /** What a cosine of the tower counts beside BM25 at a query length of 1. */
  readonly weight: number;
  readonly epochs: readonly SearchEpoch[];
  /** The epoch that was kept. */
  readonly best: number;
}

/**
 * Fits features, towers and the weight of the hybrid. The epoch and the weight are chosen on the validation queries.
 *
 * @throws TowerkitError what the engine throws; the signal's reason
 */
export async function fitSearch(
  { texts, judgments, products = withoutColumns(texts.length), split }: SearchData,
  options: FitSearchOptions,
): Promise<FittedSearch> {
  const { search, relevant, seed, engine, threads, signal, onProgress, onEpochEnd, sentences } = options;
  const { dimensions, minCount, pairWeight, layers, share, tables, product, ...read } = search.tower;
  const titles = texts.map(tokensOf);
  const lexical = new Bm25(titles, search.lexical);
  const tokens = judgments.queries.names.map(tokensOf);
  const examples = examplesOf(judgments, split.train);
  const judgedOnce = new Uint8Array(texts.length);
  for (const item of examples.product) judgedOnce[item] = 1;
  const inputs = fitInputs(product, products);
  const more = readsInputs(inputs) ? inputFeatures(inputs, products) : undefined;
  const { table, counts } = FeatureTable.fit(
    titles,
    Array.from(split.train, (query) => tokens[query]),
    read,
    minCount,
    more && learnedInputs(more, judgedOnce, minCount),
  );
  const queryRows = tables === 'separate' ? table.size : 0;
  const frozen = sentences && {
    queries: await sentences.encode(judgments.queries.names),
    products: await sentences.encode(texts),
  };
  const data: TowerTraining = {
    ...{ features: table, titles, examples, queryRows },
    queries: fromRow(queryRows, table.bags(tokens)),
    products: table.bags(titles, more),
    judged: tokens.map((_, query) => gainsOf(judgments, query)),
    ...(frozen && { sentences: frozen }),
  };
  const head: HeadShape = { dimensions, layers, sentence: sentences?.dimensions ?? 0, share };
  const towerOf = ({ vectors, values }: Pick<TowerState, 'vectors' | 'values'>) =>
    new SearchTower({
      bag: new BagTower(table, rowsFrom(vectors, queryRows, table.size)),
      ...(queryRows > 0 && { products: rowsFrom(vectors, 0, table.size) }),
      ...{ layers, values },
      ...(sentences && { sentence: { encoder: sentences, share } }),
    });
  /** Vectors of some queries and of all products. */
  const encode = (state: TowerState, queries: ArrayLike<number>) => {
    const tower = towerOf(state);
    const rows = (all: Matrix | undefined) => all && rowsOf(all, queries);
    const asked = table.bags(Array.from(queries, (query) => tokens[query]));
    const sums = sumBags(asked, tower.parts.bag.vectors, false);
    return {
      queries: tower.join(sums, rows(frozen?.queries)),
      products: tower.join(state.products, frozen?.products),
    };
  };
  const words = wordNegatives(split.train, tokens, data.judged, lexical, search.hardNegatives);
  const epochs: SearchEpoch[] = [];
  const evaluate = (vectors: { queries: Matrix; products: Matrix }, hybrids: Record<string, number>) =>
    evaluateQueries({ lexical, vectors }, judgments, split.validation, { relevant, threads, hybrids });
  const own = ownNegativesOf(search);
  const first = firstVectors(table, counts, texts.length, { dimensions, pairWeight, seed });
  const best = await trainTower(data, queryRows > 0 ? twice(first) : first, {
    ...{ search, head, seed, engine, threads, signal, onProgress },
    async validate(state, epoch, loss) {
      const { tower } = await evaluate(encode(state, split.validation), {});
      const value = valueOf(tower);
      epochs.push({ epoch, loss, value });
      onEpochEnd?.(epochs.at(-1)!);
      return value;
    },
    async negatives(state) {
      const near =
        state &&
        own &&
        (await nearNegatives(split.train, encode(state, split.train), data.judged, own.ranks, { threads }));
      const hard = tokens.map(() => new Int32Array(0));
      split.train.forEach((query, at) => {
        const refused = [...data.judged[query]].flatMap(([item, gain]) => (gain < LEAST_GAIN ? [item] : []));
        hard[query] = Int32Array.from(new Set([...words[at], ...refused, ...(near?.[at] ?? [])]));
      });
      return { hard, offsets: samplingOffsets(data, hard, search.logQ) };
    },
  });
  const encoded = encode(best, split.validation);
  const tried = await evaluate(
    encoded,
    Object.fromEntries(WEIGHTS.map((weight) => [`weight ${weight}`, weight])),
  );
  const values = WEIGHTS.map((weight) => valueOf(tried[`weight ${weight}`]));
  const weight = chooseWeight(values, split.validation.length);
  return {
    ...{ texts, tower: towerOf(best), vectors: encoded.products, inputs, lexical: search.lexical, weight },
    ...{ epochs, best: best.epoch },
  };
}

function rowsOf(all: Matrix, rows: ArrayLike<number>): Matrix {
  const out = new Matrix(rows.length, all.cols);
  for (let at = 0; at < rows.length; at++) out.row(at).set(all.row(rows[at]));
  return out;
}

/** Some rows that follow each other, not copied. */
const rowsFrom = ({ cols, data }: Matrix, from: number, count: number): Matrix =>
  new Matrix(count, cols, data.subarray(from * cols, (from + count) * cols));

/** Products of which nothing is known but their texts. */
const withoutColumns = (count: number): ProductTable => ({
  ids: Array.from({ length: count }, (_, item) => String(item)),
  column: () => undefined,
});

/** Both sides start alike. */
function twice(values: Float32Array): Float32Array {
  const out = new Float32Array(2 * values.length);
  out.set(values);
  out.set(values, values.length);
  return out;
}
