import type { Matrix } from '@towerkit/core';

import type { Neighbors } from '../../vector-index.js';
import type { Found, Store, StoreFilter } from './store.js';

/**
 * For each query the k best that pass the filter, equal scores in order of id. The graph is asked for one more than k.
 * Where that one scores as the last place does, it is asked for more, since the graph knows no order of ids; where it
 * finds fewer than k, or only a few ids are allowed, everything that passes is scored.
 */
export async function kBest(
  store: Store,
  queries: Matrix,
  k: number,
  filter: StoreFilter,
): Promise<Neighbors[]> {
  const best: Neighbors[] = new Array(queries.rows);
  let open = Array.from({ length: queries.rows }, (_, row) => row);
  const rest: number[] = [];
  const few = filter.allow !== undefined && filter.allow.length <= store.few;
  for (let count = k + 1; !few && open.length > 0 && count <= Math.min(store.size, store.most); count *= 4) {
    const found = await store.nearest(queries.gather(open), count, filter);
    const tied: number[] = [];
    open.forEach((row, i) => {
      const answer = inOrder(found[i]);
      if (answer.ids.length < k) rest.push(row);
      else if (answer.scores[k - 1] === answer.scores[k]) tied.push(row);
      else best[row] = first(answer, k);
    });
    open = tied;
  }
  const exact = [...rest, ...open];
  const found = exact.length === 0 ? [] : await store.exact(queries.gather(exact), k, filter);
  exact.forEach((row, i) => (best[row] = first(inOrder(found[i]), k)));
  return best;
}

function inOrder({ ids, scores }: Found): Neighbors {
  const rounded = Float32Array.from(scores);
  const order = Int32Array.from({ length: ids.length }, (_, i) => i);
  order.sort((a, b) => rounded[b] - rounded[a] || ids[a] - ids[b]);
  return {
    ids: Float64Array.from(order, (i) => ids[i]),
    scores: Float32Array.from(order, (i) => rounded[i]),
  };
}

const first = ({ ids, scores }: Neighbors, k: number): Neighbors =>
  ids.length <= k ? { ids, scores } : { ids: ids.slice(0, k), scores: scores.slice(0, k) };
