import { adamScalar } from './adam-scalar';
import { touchRows } from './touch-rows';

// Small enough to stay in the nearest caches until it is used, large enough for many loads at once; measured.
const BLOCK_BYTES: i32 = 32_768;

/**
 * One Adam step on the rows named by `ids`, four weights at a time. The arithmetic is that of `adam-scalar.ts`,
 * operation by operation, so that a row's width changes no bit.
 *
 * @param values first, second: the table's three arrays, [rows, dimension]
 * @param ids u32, [count]
 * @param gradient [count, dimension]
 * @param stride bytes of a row: 4 * dimension
 */
export function adamRows(
  values: usize,
  first: usize,
  second: usize,
  ids: usize,
  gradient: usize,
  count: i32,
  stride: usize,
  gain1: f32,
  gain2: f32,
  rate: f32,
  unbias: f32,
  epsilon: f32,
  decay: f32,
): u32 {
  const packed = stride & ~15;
  const gain1x4 = f32x4.splat(gain1);
  const gain2x4 = f32x4.splat(gain2);
  const rateX4 = f32x4.splat(rate);
  const unbiasX4 = f32x4.splat(unbias);
  const epsilonX4 = f32x4.splat(epsilon);
  const decayX4 = f32x4.splat(decay);
  const block = max<i32>(1, BLOCK_BYTES / (3 * (stride as i32)));
  let touched: u32 = 0;
  for (let row: i32 = 0; row < count; row++) {
    if (row % block === 0)
      touched |= touchRows(values, first, second, ids, min<i32>(block, count - row), stride);
    const offset = (load<u32>(ids) as usize) * stride;
    const w = values + offset;
    const m = first + offset;
    const v = second + offset;
    let i: usize = 0;
    for (; i < packed; i += 16) {
      const g = v128.load(gradient + i);
      const m0 = v128.load(m + i);
      const v0 = v128.load(v + i);
      const w0 = v128.load(w + i);
      const m1 = f32x4.add(m0, f32x4.mul(gain1x4, f32x4.sub(g, m0)));
      const v1 = f32x4.add(v0, f32x4.mul(gain2x4, f32x4.sub(f32x4.mul(g, g), v0)));
      const spread = f32x4.add(f32x4.mul(f32x4.sqrt(v1), unbiasX4), epsilonX4);
      const move = f32x4.add(f32x4.mul(decayX4, w0), f32x4.div(f32x4.mul(rateX4, m1), spread));
      v128.store(m + i, m1);
      v128.store(v + i, v1);
      v128.store(w + i, f32x4.sub(w0, move));
    }
    for (; i < stride; i += 4)
      adamScalar(w + i, m + i, v + i, load<f32>(gradient + i), gain1, gain2, rate, unbias, epsilon, decay);
    gradient += stride;
    ids += 4;
  }
  return touched;
}
