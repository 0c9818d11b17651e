/** Rows of a block. */
const ROWS: i32 = 256;

/** One step of Adam on four weights, as in `adam-dense.ts`. */
function move(
  g: v128,
  values: usize,
  first: usize,
  second: usize,
  gain1: v128,
  gain2: v128,
  rate: v128,
  unbias: v128,
  epsilon: v128,
): void {
  const m = v128.load(first);
  const v = v128.load(second);
  const m1 = f32x4.add(m, f32x4.mul(gain1, f32x4.sub(g, m)));
  const v1 = f32x4.add(v, f32x4.mul(gain2, f32x4.sub(f32x4.mul(g, g), v)));
  const spread = f32x4.add(f32x4.mul(f32x4.sqrt(v1), unbias), epsilon);
  v128.store(first, m1);
  v128.store(second, v1);
  v128.store(values, f32x4.sub(v128.load(values), f32x4.div(f32x4.mul(rate, m1), spread)));
}

/**
 * One step of Adam on rows that bags are sums of: the gradient of row ids[r] is the sum over the entries k of r of
 * weights[k] * gradient[bags[k]]. It is never written down: a row is summed and moved piece by piece.
 *
 * @param values first, second: rows of `stride` bytes, a multiple of 16
 * @param ids u32, [count], distinct
 * @param indptr bags, weights: the entries of each, [count + 1], [entries], [entries]
 * @param gradient by the bags, rows of `stride` bytes
 */
export function adamBags(
  block: i32,
  scratch: usize,
  values: usize,
  first: usize,
  second: usize,
  ids: usize,
  indptr: usize,
  bags: usize,
  weights: usize,
  gradient: usize,
  count: i32,
  stride: usize,
  gain1: f32,
  gain2: f32,
  rate: f32,
  unbias: f32,
  epsilon: f32,
): void {
  const from = block * ROWS;
  const to = min(count, from + ROWS);
  const gain1x4 = f32x4.splat(gain1);
  const gain2x4 = f32x4.splat(gain2);
  const rateX4 = f32x4.splat(rate);
  const unbiasX4 = f32x4.splat(unbias);
  const epsilonX4 = f32x4.splat(epsilon);
  for (let row = from; row < to; row++) {
    const entry = indptr + ((<usize>row) << 2);
    const start = load<i32>(entry);
    const end = load<i32>(entry, 4);
    const place = <usize>load<u32>(ids + ((<usize>row) << 2)) * stride;
    let column: usize = 0;
    for (; column + 64 <= stride; column += 64) {
      let s0 = f32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      const piece = gradient + column;
      for (let k = start; k < end; k++) {
        const bag = piece + <usize>load<u32>(bags + ((<usize>k) << 2)) * stride;
        const weight = v128.load32_splat(weights + ((<usize>k) << 2));
        s0 = f32x4.add(s0, f32x4.mul(weight, v128.load(bag)));
        s1 = f32x4.add(s1, f32x4.mul(weight, v128.load(bag, 16)));
        s2 = f32x4.add(s2, f32x4.mul(weight, v128.load(bag, 32)));
        s3 = f32x4.add(s3, f32x4.mul(weight, v128.load(bag, 48)));
      }
      const w = values + place + column;
      const m = first + place + column;
      const v = second + place + column;
      move(s0, w, m, v, gain1x4, gain2x4, rateX4, unbiasX4, epsilonX4);
      move(s1, w + 16, m + 16, v + 16, gain1x4, gain2x4, rateX4, unbiasX4, epsilonX4);
      move(s2, w + 32, m + 32, v + 32, gain1x4, gain2x4, rateX4, unbiasX4, epsilonX4);
      move(s3, w + 48, m + 48, v + 48, gain1x4, gain2x4, rateX4, unbiasX4, epsilonX4);
    }
    for (; column < stride; column += 16) {
      let sum = f32x4.splat(0);
      for (let k = start; k < end; k++) {
        const bag = gradient + column + <usize>load<u32>(bags + ((<usize>k) << 2)) * stride;
        sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weights + ((<usize>k) << 2)), v128.load(bag)));
      }
      const at = place + column;
      move(sum, values + at, first + at, second + at, gain1x4, gain2x4, rateX4, unbiasX4, epsilonX4);
    }
  }
}
