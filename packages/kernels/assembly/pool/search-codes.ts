import { least, offer } from './search-heap';
import { laneOf } from './search-rows';
import { rescore } from './rescore-slots';

/**
 * As `searchRows`, in two steps: the `wanted` best by the products of int8 codes, then the best k of those by the exact
 * ones. A row is its scale times its codes; the query's scale is the same for all rows and left out.
 *
 * @param queryCodes i16 [queries, 2 width]: so large that no sum leaves an i32
 * @param codes i8 [rows, width], a multiple of 4 rows in memory
 * @param width bytes, a multiple of 16; what is beyond the vectors' is 0
 * @param scales f32 [rows], a multiple of 4 of them in memory
 * @param foundScores f32 [queries, wanted] @param found i32 [queries, wanted]: the candidates
 */
export function searchCodes(
  block: i32,
  _scratch: usize,
  queries: usize,
  rows: usize,
  stride: usize,
  queryCodes: usize,
  codes: usize,
  width: usize,
  scales: usize,
  words: i32,
  mask: usize,
  ids: usize,
  wanted: i32,
  foundScores: usize,
  found: usize,
  k: i32,
  scores: usize,
  slots: usize,
  counts: usize,
): void {
  const query = queryCodes + <usize>block * 2 * width;
  foundScores += (<usize>block * <usize>wanted) << 2;
  found += (<usize>block * <usize>wanted) << 2;
  let count = 0;
  let bound = least(foundScores, wanted, count);
  for (let word = 0; word < words; word++) {
    let bits = load<u32>(mask + ((<usize>word) << 2));
    for (let slot = 32 * word; bits !== 0; slot += 4, bits >>>= 4) {
      if ((bits & 15) === 0) continue;
      const sums = fourCodeDots(query, codes + <usize>slot * width, width);
      const four = f32x4.mul(f32x4.convert_i32x4_s(sums), v128.load(scales + ((<usize>slot) << 2)));
      let hits = i32x4.bitmask(f32x4.ge(four, f32x4.splat(bound))) & (bits & 15);
      if (hits === 0) continue;
      for (; hits !== 0; hits &= hits - 1) {
        const lane = ctz(hits);
        count = offer(foundScores, found, ids, wanted, count, laneOf(four, lane), slot + lane);
      }
      bound = least(foundScores, wanted, count);
    }
  }
  rescore(
    queries + <usize>block * stride,
    rows,
    stride,
    ids,
    count,
    found,
    k,
    scores + ((<usize>block * <usize>k) << 2),
    slots + ((<usize>block * <usize>k) << 2),
    counts + ((<usize>block) << 2),
  );
}

/** Products of the codes of a query with those of four rows that follow one another, `width` bytes each. */
export function fourCodeDots(query: usize, row: usize, width: usize): v128 {
  const row1 = row + width;
  const row2 = row1 + width;
  const row3 = row2 + width;
  let a0 = i32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  for (let i: usize = 0; i < width; i += 16) {
    let q = v128.load(query + 2 * i);
    a0 = i32x4.add(a0, i32x4.dot_i16x8_s(q, v128.load8x8_s(row + i)));
    a1 = i32x4.add(a1, i32x4.dot_i16x8_s(q, v128.load8x8_s(row1 + i)));
    a2 = i32x4.add(a2, i32x4.dot_i16x8_s(q, v128.load8x8_s(row2 + i)));
    a3 = i32x4.add(a3, i32x4.dot_i16x8_s(q, v128.load8x8_s(row3 + i)));
    q = v128.load(query + 2 * i, 16);
    a0 = i32x4.add(a0, i32x4.dot_i16x8_s(q, v128.load8x8_s(row + i, 8)));
    a1 = i32x4.add(a1, i32x4.dot_i16x8_s(q, v128.load8x8_s(row1 + i, 8)));
    a2 = i32x4.add(a2, i32x4.dot_i16x8_s(q, v128.load8x8_s(row2 + i, 8)));
    a3 = i32x4.add(a3, i32x4.dot_i16x8_s(q, v128.load8x8_s(row3 + i, 8)));
  }
  const low01 = v128.shuffle<i32>(a0, a1, 0, 4, 1, 5);
  const low23 = v128.shuffle<i32>(a2, a3, 0, 4, 1, 5);
  const high01 = v128.shuffle<i32>(a0, a1, 2, 6, 3, 7);
  const high23 = v128.shuffle<i32>(a2, a3, 2, 6, 3, 7);
  return i32x4.add(
    i32x4.add(v128.shuffle<i64>(low01, low23, 0, 2), v128.shuffle<i64>(low01, low23, 1, 3)),
    i32x4.add(v128.shuffle<i64>(high01, high23, 0, 2), v128.shuffle<i64>(high01, high23, 1, 3)),
  );
}
