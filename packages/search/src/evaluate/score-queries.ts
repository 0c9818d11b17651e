import type { Matrix } from '@towerkit/core';
import { DotScores, KernelPool } from '@towerkit/kernels/internal';

import type { Bm25 } from '../lexical/bm25.js';
import { standardized } from '../model/score-moments.js';

/** Queries whose scores are in memory at a time. */
const CHUNK = 32;

/** Scores of all products for a query. Good until the next query. */
export interface QueryScores {
  /** Place of the query among those asked. */
  readonly place: number;
  readonly bm25: Float32Array;
  readonly tower: Float32Array;
}

/**
 * Scores the whole catalog for queries, one after the other.
 *
 * @param queries tokens of each
 * @param vectors of the queries, [queries, dimensions]
 * @param products vectors of the products
 */
export async function scoreQueries(
  lexical: Bm25,
  queries: readonly (readonly string[])[],
  vectors: Matrix,
  products: Matrix,
  { threads }: { threads?: number },
  each: (scores: QueryScores) => void,
): Promise<void> {
  const pool = new KernelPool({ threads });
  try {
    const cosines = new DotScores(pool, products);
    const size = products.rows;
    const out = new Float32Array(CHUNK * size);
    for (let from = 0; from < queries.length; from += CHUNK) {
      const count = Math.min(CHUNK, queries.length - from);
      const asked = vectors.data.subarray(from * vectors.cols, (from + count) * vectors.cols);
      await cosines.score(asked, out.subarray(0, count * size));
      for (let at = 0; at < count; at++)
        each({
          place: from + at,
          bm25: lexical.score(queries[from + at]).scores,
          tower: out.subarray(at * size, (at + 1) * size),
        });
    }
  } finally {
    await pool.close();
  }
}

/** The scores at their distance from the mean in deviations. */
export function standardize(scores: Float32Array): Float32Array {
  let [sum, squares] = [0, 0];
  for (const score of scores) {
    sum += score;
    squares += score * score;
  }
  const mean = sum / scores.length;
  const variance = squares / scores.length - mean * mean;
  const moments = { mean, deviation: variance > 1e-12 ? Math.sqrt(variance) : 0 };
  return scores.map((score) => standardized(score, moments));
}
