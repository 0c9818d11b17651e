import { fourDots } from './search-dots';
import { least, offer, sort } from './search-heap';

/**
 * The k rows with the largest products with query `block`, best first; equal ones by their ids. Only rows whose bit in
 * `mask` is set are looked at, four at a time: 32 rows of which none is set cost one load.
 *
 * @param queries f32 [queries, stride / 4]
 * @param rows f32 [rows, stride / 4], a multiple of 4 of them in memory
 * @param stride bytes, a multiple of 32; what is beyond the width is 0
 * @param mask u32 [words], row r is bit r % 32 of word r / 32
 * @param ids f64 [rows]
 * @param scores f32 [queries, k] @param slots i32 [queries, k] @param counts i32 [queries]: how many were found
 */
export function searchRows(
  block: i32,
  _scratch: usize,
  queries: usize,
  rows: usize,
  stride: usize,
  words: i32,
  mask: usize,
  ids: usize,
  k: i32,
  scores: usize,
  slots: usize,
  counts: usize,
): void {
  const query = queries + <usize>block * stride;
  scores += (<usize>block * <usize>k) << 2;
  slots += (<usize>block * <usize>k) << 2;
  let count = 0;
  let bound = least(scores, k, count);
  for (let word = 0; word < words; word++) {
    let bits = load<u32>(mask + ((<usize>word) << 2));
    for (let slot = 32 * word; bits !== 0; slot += 4, bits >>>= 4) {
      if ((bits & 15) === 0) continue;
      const four = fourDots(query, rows + <usize>slot * stride, stride);
      let hits = i32x4.bitmask(f32x4.ge(four, f32x4.splat(bound))) & (bits & 15);
      if (hits === 0) continue;
      for (; hits !== 0; hits &= hits - 1) {
        const lane = ctz(hits);
        count = offer(scores, slots, ids, k, count, laneOf(four, lane), slot + lane);
      }
      bound = least(scores, k, count);
    }
  }
  sort(scores, slots, ids, count);
  store<i32>(counts + ((<usize>block) << 2), count);
}

/** Lane 0 to 3 of four floats. */
export function laneOf(four: v128, lane: i32): f32 {
  if (lane < 2) return lane === 0 ? f32x4.extract_lane(four, 0) : f32x4.extract_lane(four, 1);
  return lane === 2 ? f32x4.extract_lane(four, 2) : f32x4.extract_lane(four, 3);
}
