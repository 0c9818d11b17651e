import { type Matrix, TowerkitError } from '@towerkit/core';

import type { Neighbors, SearchOptions, VectorIndex } from './vector-index.js';

/**
 * Recall at k: the share of the k nearest items of an exact index that another finds, the mean over queries. Queries
 * that have no item at all are left out.
 *
 * @param exact an index of the same items, of the driver `exact`
 * @param queries shape [queries, dimensions]; take none that the index was tuned on
 * @throws TowerkitError `BAD_OPTION` where no query has an item, and what the searches throw
 *
 * @example
 * ```ts
 * const exact = await createIndex('exact', { dimensions: 64 });
 * await exact.build(vectors);
 * const share = await indexRecall(index, exact, queries, 10); // such as .993
 * ```
 */
export async function indexRecall(
  index: VectorIndex,
  exact: VectorIndex,
  queries: Matrix,
  k: number,
  options: SearchOptions = {},
): Promise<number> {
  const wanted = await exact.searchBatch(queries, k, options);
  return recallOf(await index.searchBatch(queries, k, options), wanted);
}

/** The mean share of what is wanted that was found. */
export function recallOf(found: readonly Neighbors[], wanted: readonly Neighbors[]): number {
  let sum = 0;
  let counted = 0;
  wanted.forEach(({ ids }, query) => {
    if (ids.length === 0) return;
    const has = new Set(found[query].ids);
    sum += ids.filter((id) => has.has(id)).length / ids.length;
    counted++;
  });
  if (counted === 0) throw new TowerkitError('BAD_OPTION', 'recall needs a query that has an item to find');
  return sum / counted;
}
