import { dot } from './search-dots';
import { offer, sort } from './search-heap';

/**
 * The k best of `wanted` slots by the exact products with query `block`, best first; otherwise as `searchRows`.
 *
 * @param found i32 [queries, wanted], distinct; -1 for none
 */
export function rescoreSlots(
  block: i32,
  _scratch: usize,
  queries: usize,
  rows: usize,
  stride: usize,
  ids: usize,
  wanted: i32,
  found: usize,
  k: i32,
  scores: usize,
  slots: usize,
  counts: usize,
): void {
  const at = (<usize>block * <usize>k) << 2;
  rescore(
    queries + <usize>block * stride,
    rows,
    stride,
    ids,
    wanted,
    found + ((<usize>block * <usize>wanted) << 2),
    k,
    scores + at,
    slots + at,
    counts + ((<usize>block) << 2),
  );
}

/** The same for one query, with pointers to its own part of everything. */
export function rescore(
  query: usize,
  rows: usize,
  stride: usize,
  ids: usize,
  wanted: i32,
  found: usize,
  k: i32,
  scores: usize,
  slots: usize,
  counts: usize,
): void {
  let count = 0;
  for (let i = 0; i < wanted; i++) {
    const slot = load<i32>(found + ((<usize>i) << 2));
    if (slot >= 0)
      count = offer(scores, slots, ids, k, count, dot(query, rows + <usize>slot * stride, stride), slot);
  }
  sort(scores, slots, ids, count);
  store<i32>(counts, count);
}
