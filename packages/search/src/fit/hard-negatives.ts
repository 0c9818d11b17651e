import { topK, type Matrix } from '@towerkit/core';
import { DotScores, KernelPool } from '@towerkit/kernels/internal';

import type { Bm25 } from '../lexical/bm25.js';

/**
 * Products that look like an answer to a query by their words and were not judged for it: the best by BM25.
 *
 * @param tokens of each query
 * @param judged products judged for each, by dense id
 * @returns of each of `queries`
 */
export function wordNegatives(
  queries: ArrayLike<number>,
  tokens: readonly (readonly string[])[],
  judged: readonly ReadonlyMap<number, number>[],
  lexical: Bm25,
  count: number,
): Int32Array[] {
  return Array.from(queries, (query) => {
    if (count === 0) return new Int32Array(0);
    const { found, count: hits, scores } = lexical.score(tokens[query]);
    const words = found.slice(0, hits);
    const { items } = topK(
      Float32Array.from(words, (item) => scores[item]),
      Math.min(count, hits),
    );
    return Int32Array.from(items, (place) => words[place]).filter((item) => !judged[query].has(item));
  });
}

/** Queries whose scores are in memory at a time. */
const CHUNK = 64;

/**
 * The same by the towers themselves: the products nearest to each query.
 *
 * @param vectors of `queries` and of all products
 * @param ranks the first and the last that count, from 1
 */
export async function nearNegatives(
  queries: ArrayLike<number>,
  vectors: { readonly queries: Matrix; readonly products: Matrix },
  judged: readonly ReadonlyMap<number, number>[],
  [from, to]: readonly [number, number],
  { threads }: { threads?: number },
): Promise<Int32Array[]> {
  const pool = new KernelPool({ threads });
  try {
    const cosines = new DotScores(pool, vectors.products);
    const { rows: size, cols } = vectors.products;
    const out = new Float32Array(CHUNK * size);
    const near: Int32Array[] = [];
    for (let first = 0; first < queries.length; first += CHUNK) {
      const rows = Math.min(CHUNK, queries.length - first);
      await cosines.score(
        vectors.queries.data.subarray(first * cols, (first + rows) * cols),
        out.subarray(0, rows * size),
      );
      for (let at = 0; at < rows; at++) {
        const best = topK(out.subarray(at * size, (at + 1) * size), Math.min(to, size));
        const items = Int32Array.from(best.items).subarray(from - 1);
        near.push(items.filter((item) => !judged[queries[first + at]].has(item)));
      }
    }
    return near;
  } finally {
    await pool.close();
  }
}
