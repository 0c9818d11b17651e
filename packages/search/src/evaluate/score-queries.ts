import type { Matrix } from '@towerkit/core';
import { DotScores, KernelPool } from '@towerkit/kernels/internal';

import type { Bm25 } from '../lexical/bm25.js';

/** Queries whose scores are in memory at a time. */
const CHUNK = 32;

/** Vectors of queries and of all products, of one width. */
export interface PairedVectors {
  readonly queries: Matrix;
  readonly products: Matrix;
}

/** Scores of all products for a query. Good until the next query. */
export interface QueryScores {
  /** Place of the query among those asked. */
  readonly place: number;
  readonly bm25: Float32Array;
  /** Products of the vectors, by the names of what they come from. */
  readonly cosines: Readonly<Record<string, Float32Array>>;
}

/**
 * Scores the whole catalog for queries, one after the other.
 *
 * @param queries tokens of each
 * @param vectors of the same queries and of the products, by name
 */
export async function scoreQueries(
  lexical: Bm25,
  queries: readonly (readonly string[])[],
  vectors: Readonly<Record<string, PairedVectors>>,
  { threads }: { threads?: number },
  each: (scores: QueryScores) => void,
): Promise<void> {
  const pool = new KernelPool({ threads });
  const size = lexical.size;
  try {
    const sides = Object.entries(vectors).map(([name, { queries: asked, products }]) => ({
      ...{ name, asked, scores: new DotScores(pool, products) },
      out: new Float32Array(CHUNK * size),
    }));
    for (let from = 0; from < queries.length; from += CHUNK) {
      const count = Math.min(CHUNK, queries.length - from);
      for (const { asked, scores, out } of sides)
        await scores.score(
          asked.data.subarray(from * asked.cols, (from + count) * asked.cols),
          out.subarray(0, count * size),
        );
      for (let at = 0; at < count; at++)
        each({
          place: from + at,
          bm25: lexical.score(queries[from + at]).scores,
          cosines: Object.fromEntries(
            sides.map(({ name, out }) => [name, out.subarray(at * size, (at + 1) * size)]),
          ),
        });
    }
  } finally {
    await pool.close();
  }
}

/** The scores at their distance from the mean in deviations; zeros where all are alike. */
export function standardize(scores: Float32Array): Float32Array {
  let [sum, squares] = [0, 0];
  for (const score of scores) {
    sum += score;
    squares += score * score;
  }
  const mean = sum / scores.length;
  const variance = squares / scores.length - mean * mean;
  const factor = variance > 1e-12 ? 1 / Math.sqrt(variance) : 0;
  return scores.map((score) => (score - mean) * factor);
}
