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
import { tokensOf } from '../words/tokens.js';
import type { TowerTraining } from './batches.js';
import { examplesOf, gainsOf, LEAST_GAIN } from './examples.js';
import { firstVectors } from './first-vectors.js';
import { nearNegatives, wordNegatives } from './hard-negatives.js';
import type { HeadShape } from './head-parameters.js';
import { trainTower, type TowerState } from './train-tower.js';

/** Weights of the tower's standardized scores that are tried. */
const WEIGHTS = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4];

/** What search is fitted on. */
export interface SearchData {
  /** Text of each product. */
  readonly texts: readonly string[];
  readonly judgments: Judgments;
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
  readonly lexical: SearchConfig['lexical'];
  /** What the tower counts beside BM25. */
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
  { texts, judgments, split }: SearchData,
  options: FitSearchOptions,
): Promise<FittedSearch> {
  const { search, relevant, seed, engine, threads, signal, onProgress, onEpochEnd, sentences } = options;
  const { dimensions, minCount, pairWeight, layers, share, ...read } = search.tower;
  const titles = texts.map(tokensOf);
  const lexical = new Bm25(titles, search.lexical);
  const tokens = judgments.queries.names.map(tokensOf);
  const { table, counts } = FeatureTable.fit(
    titles,
    Array.from(split.train, (query) => tokens[query]),
    read,
    minCount,
  );
  const bags = { queries: table.bags(tokens), products: table.bags(titles) };
  const frozen = sentences && {
    queries: await sentences.encode(judgments.queries.names),
    products: await sentences.encode(texts),
  };
  const examples = examplesOf(judgments, split.train);
  const judged = tokens.map((_, query) => gainsOf(judgments, query));
  const popularity = new Int32Array(texts.length);
  for (const product of examples.product) popularity[product]++;
  const data: TowerTraining = {
    ...{ features: table, ...bags, titles, examples, judged, popularity },
    ...(frozen && { sentences: frozen }),
  };
  const head: HeadShape = { dimensions, layers, sentence: sentences?.dimensions ?? 0, share };
  const towerOf = ({ vectors, values }: Pick<TowerState, 'vectors' | 'values'>) =>
    new SearchTower({
      ...{ bag: new BagTower(table, vectors), layers, values },
      ...(sentences && { sentence: { encoder: sentences, share } }),
    });
  /** Vectors of some queries and of all products. */
  const encode = (state: TowerState, queries: ArrayLike<number>) => {
    const tower = towerOf(state);
    const rows = (all: Matrix | undefined) => all && rowsOf(all, queries);
    const sums = sumBags(table.bags(Array.from(queries, (query) => tokens[query])), state.vectors, false);
    return {
      queries: tower.join(sums, rows(frozen?.queries)),
      products: tower.join(state.products, frozen?.products),
    };
  };
  const words = wordNegatives(split.train, tokens, judged, lexical, search.hardNegatives);
  const epochs: SearchEpoch[] = [];
  const evaluate = (vectors: { queries: Matrix; products: Matrix }, hybrids: Record<string, number>) =>
    evaluateQueries({ lexical, vectors }, judgments, split.validation, { relevant, threads, hybrids });
  const best = await trainTower(
    data,
    firstVectors(table, counts, texts.length, { dimensions, pairWeight, seed }),
    {
      ...{ search, head, seed, engine, threads, signal, onProgress },
      async validate(state, epoch, loss) {
        const { tower } = await evaluate(encode(state, split.validation), {});
        const value = valueOf(tower);
        epochs.push({ epoch, loss, value });
        onEpochEnd?.(epochs.at(-1)!);
        return value;
      },
      async negatives(state, epoch) {
        const near =
          search.ownNegatives > 0 && epoch > 1
            ? await nearNegatives(split.train, encode(state, split.train), judged, search.ownNegatives, {
                threads,
              })
            : undefined;
        const hard = tokens.map(() => new Int32Array(0));
        split.train.forEach((query, at) => {
          const refused = [...judged[query]].flatMap(([item, gain]) => (gain < LEAST_GAIN ? [item] : []));
          hard[query] = Int32Array.from(new Set([...words[at], ...refused, ...(near?.[at] ?? [])]));
        });
        return hard;
      },
    },
  );
  const encoded = encode(best, split.validation);
  const tried = await evaluate(
    encoded,
    Object.fromEntries(WEIGHTS.map((weight) => [`weight ${weight}`, weight])),
  );
  const weight = WEIGHTS.map((one) => ({ one, value: valueOf(tried[`weight ${one}`]) })).reduce((a, b) =>
    b.value > a.value ? b : a,
  ).one;
  return {
    ...{ texts, tower: towerOf(best), vectors: encoded.products, lexical: search.lexical, weight },
    ...{ epochs, best: best.epoch },
  };
}

function rowsOf(all: Matrix, rows: ArrayLike<number>): Matrix {
  const out = new Matrix(rows.length, all.cols);
  for (let at = 0; at < rows.length; at++) out.row(at).set(all.row(rows[at]));
  return out;
}
