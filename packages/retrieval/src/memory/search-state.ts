import type { Matrix } from '@towerkit/core';
import type { ScanResult } from '@towerkit/kernels';

import type { Filter, Neighbors } from '../vector-index.js';
import { candidates, maskedSearch, type Searched, settle } from './masked-search.js';
import type { MemoryState } from './memory-state.js';

/** The k nearest in what an index holds. @param query prepared */
export async function searchState(
  state: MemoryState,
  query: Float32Array,
  k: number,
  filter: Filter | undefined,
): Promise<Neighbors> {
  const { ids } = state.rows.slots;
  const mask = state.rows.mask(filter);
  const searched = searchedOf(state);
  if (searched !== undefined) return neighbors(await maskedSearch(searched, query, k, mask), ids);
  const scan = state.opened ?? (await state.scan());
  return neighbors(scan.search(query, k, mask.words), ids);
}

/** The same for each query. */
export async function searchStateBatch(
  state: MemoryState,
  queries: Matrix,
  k: number,
  filter: Filter | undefined,
): Promise<Neighbors[]> {
  const { ids } = state.rows.slots;
  const live = state.rows.mask(filter);
  const mask = { words: live.words.slice(), count: live.count }; // of now, however long the batch waits
  const searched = searchedOf(state);
  const count = searched && candidates(k, mask, searched.used);
  if (searched === undefined || count === undefined) {
    const scan = state.opened ?? (await state.scan());
    return (await scan.searchBatch(queries, k, mask.words)).map((found) => neighbors(found, ids));
  }
  const found = queries.rows === 0 ? [] : await searched.engine.searchBatch(queries, count);
  const out: Neighbors[] = [];
  for (let q = 0; q < queries.rows; q++) {
    const query = queries.row(q);
    const best = await settle(searched, found[q], query, k, mask);
    out.push(neighbors(best ?? (await maskedSearch(searched, query, k, mask)), ids));
  }
  return out;
}

function neighbors({ slots, scores }: ScanResult, ids: Float64Array): Neighbors {
  const found = new Float64Array(slots.length);
  for (let i = 0; i < slots.length; i++) found[i] = ids[slots[i]]; // a mapped `from` takes microseconds
  return { ids: found, scores };
}

function searchedOf(state: MemoryState): Searched | undefined {
  const { engine, rows } = state;
  if (engine === undefined) return undefined;
  return { engine, used: rows.slots.used, ids: rows.slots.ids, scan: () => state.scan() };
}
