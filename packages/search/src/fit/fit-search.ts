import type { OnProgress } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';

import type { Judgments } from '../data/judgments.js';
import type { QuerySplit } from '../data/split-queries.js';
import { evaluateQueries, valueOf } from '../evaluate/evaluate-queries.js';
import { Bm25 } from '../lexical/bm25.js';
import type { SearchParts } from '../model/search-model.js';
import type { SearchConfig } from '../schema.js';
import { BagTower, sumBags } from '../tower/bag-tower.js';
import { FeatureTable } from '../words/feature-table.js';
import { tokensOf } from '../words/tokens.js';
import { examplesOf, hardNegatives, meantBy } from './examples.js';
import { firstVectors } from './first-vectors.js';
import { trainTower } from './train-tower.js';

/** Weights of the tower's standardized scores that are tried. */
const WEIGHTS = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3];

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
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly onEpochEnd?: (epoch: SearchEpoch) => void;
}

/** A fitted search. */
export interface FittedSearch extends SearchParts {
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
  const { search, relevant, seed, engine, threads, signal, onProgress, onEpochEnd } = options;
  const { dimensions, minCount, pairWeight, ...read } = search.tower;
  const titles = texts.map(tokensOf);
  const lexical = new Bm25(titles, search.lexical);
  const tokens = judgments.queries.names.map(tokensOf);
  const { table, counts } = FeatureTable.fit(
    titles,
    Array.from(split.train, (query) => tokens[query]),
    read,
    minCount,
  );
  const products = table.bags(titles);
  const epochs: SearchEpoch[] = [];
  const { vectors, epoch: best } = await trainTower(
    {
      features: table,
      queries: table.bags(tokens),
      products,
      titles,
      examples: examplesOf(judgments, split.train),
      meant: tokens.map((_, query) => meantBy(judgments, query)),
      hard: hardNegatives(judgments, split.train, tokens, lexical, search.hardNegatives),
    },
    firstVectors(table, counts, texts.length, { dimensions, pairWeight, seed }),
    {
      ...search,
      ...{ dimensions, seed, engine, signal, onProgress },
      async validate(current, epoch, loss) {
        const tower = new BagTower(table, current);
        const rankers = { lexical, tower, vectors: sumBags(products, current, true) };
        const ranked = await evaluateQueries(rankers, judgments, split.validation, {
          ...{ relevant, threads },
          hybrids: {},
        });
        const value = valueOf(ranked.tower);
        epochs.push({ epoch, loss, value });
        onEpochEnd?.(epochs.at(-1)!);
        return value;
      },
    },
  );
  const tower = new BagTower(table, vectors);
  const productVectors = sumBags(products, vectors, true);
  const names = Object.fromEntries(WEIGHTS.map((weight) => [`weight ${weight}`, weight]));
  const tried = await evaluateQueries(
    { lexical, tower, vectors: productVectors },
    judgments,
    split.validation,
    {
      ...{ relevant, threads },
      hybrids: names,
    },
  );
  const weight = WEIGHTS.map((one) => ({ one, value: valueOf(tried[`weight ${one}`]) })).reduce((a, b) =>
    b.value > a.value ? b : a,
  ).one;
  return { texts, tower, vectors: productVectors, lexical: search.lexical, weight, epochs, best };
}
