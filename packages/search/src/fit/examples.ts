import { topK } from '@towerkit/core';

import type { Judgments } from '../data/judgments.js';
import type { Bm25 } from '../lexical/bm25.js';

/** Gain from which on a product is learned as one that is meant. */
const LEAST_GAIN = 0.45;

/** What is learned from judgments; every array has an entry for each example. */
export interface Examples {
  /** Row of the query. */
  readonly query: Int32Array;
  /** Dense id of a product that is meant. */
  readonly product: Int32Array;
  /** Its gain: what the example counts. */
  readonly weight: Float32Array;
}

/** The examples of some queries: their products of a gain of .45 or more. */
export function examplesOf(
  { start, products, gains }: Pick<Judgments, 'start' | 'products' | 'gains'>,
  queries: ArrayLike<number>,
): Examples {
  const rows = Array.from(queries).flatMap((query) => {
    const own: [number, number][] = [];
    for (let row = start[query]; row < start[query + 1]; row++)
      if (products[row] >= 0 && gains[row] >= LEAST_GAIN) own.push([query, row]);
    return own;
  });
  return {
    query: Int32Array.from(rows, ([query]) => query),
    product: Int32Array.from(rows, ([, row]) => products[row]),
    weight: Float32Array.from(rows, ([, row]) => gains[row]),
  };
}

/** For each query, the products of which it is known that they are meant more or less: no negatives of its examples. */
export function meantBy(
  { start, products, gains }: Pick<Judgments, 'start' | 'products' | 'gains'>,
  query: number,
): Set<number> {
  const meant = new Set<number>();
  for (let row = start[query]; row < start[query + 1]; row++)
    if (gains[row] >= LEAST_GAIN) meant.add(products[row]);
  return meant;
}

/**
 * Products that look like an answer and were not judged to be one: for each query the best by BM25, and those that were judged
 * irrelevant. Those judged relevant are left out.
 *
 * @param tokens of each query
 * @returns shape [queries] of [n]; empty for a query that is not among `queries`
 */
export function hardNegatives(
  judgments: Pick<Judgments, 'start' | 'products' | 'gains'>,
  queries: ArrayLike<number>,
  tokens: readonly (readonly string[])[],
  lexical: Bm25,
  count: number,
): Int32Array[] {
  const { start, products, gains } = judgments;
  const hard = tokens.map(() => new Int32Array(0));
  for (let at = 0; at < queries.length; at++) {
    const query = queries[at];
    const meant = meantBy(judgments, query);
    const { found, count: hits, scores } = lexical.score(tokens[query]);
    const words = found.slice(0, hits);
    const best = topK(
      Float32Array.from(words, (item) => scores[item]),
      count,
    ).items;
    const all = new Set(Array.from(best, (place) => words[place]));
    for (let row = start[query]; row < start[query + 1]; row++)
      if (products[row] >= 0 && gains[row] < LEAST_GAIN) all.add(products[row]);
    hard[query] = Int32Array.from([...all].filter((item) => !meant.has(item)));
  }
  return hard;
}
