import { Matrix } from '@towerkit/core';
import type { VectorIndex } from '@towerkit/retrieval';

import { bestOf, dot } from '../engine/best-of.js';
import type { RankedItems } from '../engine/question.js';
import { TowerkitError } from '../errors.js';
import { leftOut, type CandidateQuery, type Candidates } from '../ranker.js';

/**
 * Candidates from an index: for each query the k items of the highest inner product that were neither seen nor denied.
 *
 * @param users vectors of the users, [queries, dimensions]
 * @param itemVectors what the index holds, [items, dimensions]: recall is measured against them
 * @throws TowerkitError `BAD_ARTIFACT` for an index that holds other items
 */
export async function searchIndex(
  index: VectorIndex,
  itemVectors: Matrix,
  users: Matrix,
  queries: readonly CandidateQuery[],
): Promise<Candidates[]> {
  const found = new Array<Candidates>(queries.length);
  // Alike queries are searched in one pass: what was seen is searched too, and left out afterwards.
  for (const [k, group] of unfiltered(queries)) {
    const seen = Math.max(...group.map(({ query }) => query.history.length + query.deny.length));
    const vectors = new Matrix(group.length, users.cols);
    group.forEach(({ row }, place) => vectors.row(place).set(users.row(row)));
    const near = await index.searchBatch(vectors, k + seen);
    group.forEach(({ query, row }, place) => (found[row] = withoutSeen(near[place], query)));
  }
  for (const [row, query] of queries.entries()) {
    const { allow, k } = query;
    if (!allow) continue;
    const filter = { allow, deny: [...leftOut(query)].filter((item) => item < itemVectors.rows) };
    const { ids, scores } = await index.search(users.row(row), k, { filter });
    found[row] = { items: Array.from(ids), scores: Array.from(scores) };
  }
  for (const { items } of found) checkItems(items, itemVectors.rows);
  for (const [row, query] of queries.entries())
    if (query.measure)
      found[row] = {
        ...found[row],
        recall: index.driver === 'exact' ? 1 : recallOf(itemVectors, users.row(row), query, found[row]),
      };
  return found;
}

/** A table of a database may change after it was opened. @throws TowerkitError `BAD_ARTIFACT` for what is no item */
function checkItems(items: readonly number[], count: number): void {
  for (const item of items)
    if (!(Number.isInteger(item) && item >= 0 && item < count))
      throw new TowerkitError(
        'BAD_ARTIFACT',
        `its index gave the item ${item}, the model has ${count} items`,
        {
          hint: 'build the index again',
        },
      );
}

/** Share of the exact best k that were found. */
function recallOf(
  itemVectors: Matrix,
  vector: Float32Array,
  query: CandidateQuery,
  found: RankedItems,
): number {
  const scores = Float32Array.from({ length: itemVectors.rows }, (_, item) =>
    dot(vector, itemVectors.row(item)),
  );
  const wanted = bestOf(scores, query.k, leftOut(query), query.allow).items;
  const has = new Set(found.items);
  return wanted.length === 0 ? 1 : wanted.filter((item) => has.has(item)).length / wanted.length;
}

/** Queries without a filter, by how many items they want. */
function unfiltered(
  queries: readonly CandidateQuery[],
): Map<number, { query: CandidateQuery; row: number }[]> {
  const groups = new Map<number, { query: CandidateQuery; row: number }[]>();
  queries.forEach((query, row) => {
    if (!query.allow) groups.set(query.k, [...(groups.get(query.k) ?? []), { query, row }]);
  });
  return groups;
}

function withoutSeen(
  { ids, scores }: { ids: Float64Array; scores: Float32Array },
  query: CandidateQuery,
): RankedItems {
  const out = leftOut(query);
  const kept: RankedItems = { items: [], scores: [] };
  for (let place = 0; place < ids.length && kept.items.length < query.k; place++) {
    if (out.has(ids[place])) continue;
    kept.items.push(ids[place]);
    kept.scores.push(scores[place]);
  }
  return kept;
}
