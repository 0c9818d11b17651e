import { topK } from '@towerkit/core';
import { estimate, type Estimate } from '@towerkit/metrics';

import type { Judgments } from '../data/judgments.js';
import type { Bm25 } from '../lexical/bm25.js';
import { tokensOf } from '../words/tokens.js';
import { METRICS, metricsOf, ranksOf, type QueryMetrics } from './query-ranks.js';
import { scoreQueries, standardize, type PairedVectors } from './score-queries.js';

/** What ranks the catalog. */
export interface Rankers {
  readonly lexical: Bm25;
  /** Of the towers; the queries are those that are evaluated, in their order. */
  readonly vectors: PairedVectors;
  /** Other vectors to rank by, such as MiniLM's as they are, by the name of the result; `bm25+NAME` is the plain sum with BM25, each in deviations from its mean. */
  readonly references?: Readonly<Record<string, PairedVectors>>;
}

/** Metrics of each query by the name of what ranked. */
export type RankedQueries = Readonly<Record<string, readonly QueryMetrics[]>>;

/** How queries are evaluated. */
export interface EvaluateOptions {
  /** Gain from which on a product is relevant. */
  readonly relevant: number;
  /** Weights of the tower to try in the hybrid, by the name of the result. */
  readonly hybrids: Readonly<Record<string, number>>;
  /** Whether to rank by reciprocal ranks too: `reciprocal-ranks`. */
  readonly reciprocal?: boolean;
  readonly threads?: number;
}

/** Constant of reciprocal rank fusion (Cormack et al. 2009). */
const RRF = 60;
const RRF_DEPTH = 1_000;

/** Ranks the whole catalog for queries, by words, by vectors and by both. @param rows of the queries */
export async function evaluateQueries(
  { lexical, vectors, references = {} }: Rankers,
  { queries, start, products, gains }: Judgments,
  rows: ArrayLike<number>,
  { relevant, hybrids, reciprocal, threads }: EvaluateOptions,
): Promise<RankedQueries> {
  const others = Object.keys(references);
  const names = ['tower', 'bm25', ...Object.keys(hybrids), ...(reciprocal ? ['reciprocal-ranks'] : [])];
  names.push(...others, ...others.map((name) => `bm25+${name}`));
  const out = Object.fromEntries(names.map((name) => [name, [] as QueryMetrics[]]));
  const tokens = Array.from(rows, (row) => tokensOf(queries.names[row]));
  const mixed = new Float32Array(lexical.size);
  const all = { ...references, tower: vectors };
  await scoreQueries(lexical, tokens, all, { threads }, ({ place, bm25, cosines }) => {
    const row = rows[place];
    const judged = products.subarray(start[row], start[row + 1]);
    const gain = gains.subarray(start[row], start[row + 1]);
    const add = (name: string, by: Float32Array) =>
      out[name].push(metricsOf(ranksOf(by, judged), gain, relevant));
    const addSum = (
      name: string,
      words: Float32Array,
      factor: number,
      near: Float32Array,
      weight: number,
    ) => {
      for (let item = 0; item < mixed.length; item++)
        mixed[item] = factor * words[item] + weight * near[item];
      add(name, mixed);
    };
    add('tower', cosines.tower);
    add('bm25', bm25);
    const factor = 1 / (lexical.lengthOf(tokens[place]) || 1);
    for (const [name, weight] of Object.entries(hybrids)) addSum(name, bm25, factor, cosines.tower, weight);
    if (reciprocal) add('reciprocal-ranks', reciprocalRanks([bm25, cosines.tower]));
    const standard = others.length > 0 ? standardize(bm25) : bm25;
    for (const name of others) {
      add(name, cosines[name]);
      addSum(`bm25+${name}`, standard, 1, standardize(cosines[name]), 1);
    }
  });
  return out;
}

/** 1 / (60 + rank) of each list, summed; what is not among the first thousand of a list gets nothing from it. */
function reciprocalRanks(lists: readonly Float32Array[]): Float32Array {
  const sums = new Float32Array(lists[0].length);
  for (const scores of lists)
    topK(scores, RRF_DEPTH).items.forEach((item, place) => (sums[item] += 1 / (RRF + place + 1)));
  return sums;
}

/** The mean of each metric over the queries for which it is defined, with its interval. */
export function summarize(queries: readonly QueryMetrics[]): Record<string, Estimate> {
  return Object.fromEntries(
    METRICS.map((name) => {
      const values = queries.map((query) => query[name]);
      const defined = Float64Array.from(values.filter((value) => !Number.isNaN(value)));
      const undefinedFor = values.length - defined.length;
      if (defined.length === 0) return [name, { value: 0, low: 0, high: 1, users: 0, undefinedFor }];
      return [name, { ...estimate(defined), ...(undefinedFor > 0 && { undefinedFor }) }];
    }),
  );
}

/** What epochs and weights are chosen by: the mean of recall@10, recall@100 and MRR@10. */
export function valueOf(queries: readonly QueryMetrics[]): number {
  const mean = (name: keyof QueryMetrics) => {
    const defined = queries.map((query) => query[name]).filter((value) => !Number.isNaN(value));
    return defined.length === 0 ? 0 : defined.reduce((a, b) => a + b) / defined.length;
  };
  return (mean('recall@10') + mean('recall@100') + mean('mrr@10')) / 3;
}
