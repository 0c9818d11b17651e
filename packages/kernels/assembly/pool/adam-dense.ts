/** Rows of a block. */
const ROWS: i32 = 256;

/**
 * One step of Adam (Kingma and Ba 2015) on every row, its gradient being g + ridge[row] w:
 *
 *     m += gain1 (g - m)      v += gain2 (g g - v)      w -= rate m / (sqrt(v) unbias + epsilon)
 *
 * @param values first, second, gradient: [rows] of `stride` bytes, a multiple of 16
 * @param ridge f32, [rows]
 */
export function adamDense(
  block: i32,
  scratch: usize,
  values: usize,
  first: usize,
  second: usize,
  gradient: usize,
  ridge: usize,
  rows: i32,
  stride: usize,
  gain1: f32,
  gain2: f32,
  rate: f32,
  unbias: f32,
  epsilon: f32,
): void {
  const from = block * ROWS;
  const to = min(rows, from + ROWS);
  const gain1x4 = f32x4.splat(gain1);
  const gain2x4 = f32x4.splat(gain2);
  const rateX4 = f32x4.splat(rate);
  const unbiasX4 = f32x4.splat(unbias);
  const epsilonX4 = f32x4.splat(epsilon);
  for (let row = from; row < to; row++) {
    const pull = v128.load32_splat(ridge + ((<usize>row) << 2));
    const start = <usize>row * stride;
    for (let at = start; at < start + stride; at += 16) {
      const w = v128.load(values + at);
      const m = v128.load(first + at);
      const v = v128.load(second + at);
      const g = f32x4.add(v128.load(gradient + at), f32x4.mul(pull, w));
      const m1 = f32x4.add(m, f32x4.mul(gain1x4, f32x4.sub(g, m)));
      const v1 = f32x4.add(v, f32x4.mul(gain2x4, f32x4.sub(f32x4.mul(g, g), v)));
      const spread = f32x4.add(f32x4.mul(f32x4.sqrt(v1), unbiasX4), epsilonX4);
      v128.store(first + at, m1);
      v128.store(second + at, v1);
      v128.store(values + at, f32x4.sub(w, f32x4.div(f32x4.mul(rateX4, m1), spread)));
    }
  }
}
