import { fourCodeDots } from './search-codes';
import { least, offer, sort } from './search-heap';
import { laneOf } from './search-rows';

/**
 * The k best by the products of int8 codes with query `block` among the rows of some lists, best first. Rows lie list by
 * list, each list at a multiple of four; what fills a list up has a slot of -1.
 *
 * @param queryCodes i16 [queries, 2 width] @param codes i8 [rows, width] @param scales f32 [rows]: as in `searchCodes`
 * @param starts i32 [lists + 1]: where each list begins
 * @param probed i32 [queries, probes]: the lists to look into, distinct
 * @param rowSlots f64 [rows]: the smaller of two with equal scores comes first
 * @param scores f32 [queries, k] @param found i32 [queries, k]: rows @param counts i32 [queries]
 */
export function searchLists(
  block: i32,
  _scratch: usize,
  queryCodes: usize,
  codes: usize,
  width: usize,
  scales: usize,
  starts: usize,
  probes: i32,
  probed: usize,
  rowSlots: usize,
  k: i32,
  scores: usize,
  found: usize,
  counts: usize,
): void {
  const query = queryCodes + <usize>block * 2 * width;
  probed += (<usize>block * <usize>probes) << 2;
  scores += (<usize>block * <usize>k) << 2;
  found += (<usize>block * <usize>k) << 2;
  let count = 0;
  let bound = least(scores, k, count);
  for (let probe = 0; probe < probes; probe++) {
    const list = starts + ((<usize>load<u32>(probed + ((<usize>probe) << 2))) << 2);
    const end = load<i32>(list, 4);
    for (let row = load<i32>(list); row < end; row += 4) {
      const sums = fourCodeDots(query, codes + <usize>row * width, width);
      const four = f32x4.mul(f32x4.convert_i32x4_s(sums), v128.load(scales + ((<usize>row) << 2)));
      let hits = i32x4.bitmask(f32x4.ge(four, f32x4.splat(bound)));
      if (hits === 0) continue;
      for (; hits !== 0; hits &= hits - 1) {
        const lane = ctz(hits);
        if (load<f64>(rowSlots + ((<usize>(row + lane)) << 3)) >= 0)
          count = offer(scores, found, rowSlots, k, count, laneOf(four, lane), row + lane);
      }
      bound = least(scores, k, count);
    }
  }
  sort(scores, found, rowSlots, count);
  store<i32>(counts + ((<usize>block) << 2), count);
}
