/** Entries of a block of `alsLoss`, by rows. */
const ROWS: i32 = 512;

/**
 * Partial sums, float64: what the entries of 512 rows add to the loss, sum of (weight + gain) (1 - s)^2 - weight s^2
 * with s = x_row y_column, into sums[block].
 */
export function alsLoss(
  block: i32,
  scratch: usize,
  rows: i32,
  indptr: usize,
  indices: usize,
  gains: usize,
  x: usize,
  y: usize,
  width: i32,
  weight: f64,
  sums: usize,
): void {
  const stride = (<usize>width) << 2;
  const last = min(rows, (block + 1) * ROWS);
  let sum: f64 = 0;
  for (let row = block * ROWS; row < last; row++) {
    const a = x + <usize>row * stride;
    const end = load<i32>(indptr + ((<usize>row) << 2), 4);
    for (let k = load<i32>(indptr + ((<usize>row) << 2)); k < end; k++) {
      const b = y + <usize>load<u32>(indices + ((<usize>k) << 2)) * stride;
      let s = f64x2.splat(0);
      for (let i: usize = 0; i < stride; i += 8)
        s = f64x2.add(
          s,
          f64x2.mul(
            f64x2.promote_low_f32x4(v128.load64_zero(a + i)),
            f64x2.promote_low_f32x4(v128.load64_zero(b + i)),
          ),
        );
      const score = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
      const miss = 1 - score;
      sum += (weight + <f64>load<f32>(gains + ((<usize>k) << 2))) * miss * miss - weight * score * score;
    }
  }
  store<f64>(sums + ((<usize>block) << 3), sum);
}
