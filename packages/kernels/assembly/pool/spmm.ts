/** Rows of a block. */
const ROWS: i32 = 256;

/**
 * Rows of a sparse matrix times a dense one: out[r] = sum over the entries k of row r of values[k] * dense[indices[k]].
 * `stride` is the bytes of a dense row, a multiple of 16.
 */
export function spmm(
  block: i32,
  scratch: usize,
  indptr: usize,
  indices: usize,
  values: usize,
  dense: usize,
  out: usize,
  rows: i32,
  stride: usize,
): void {
  const from = block * ROWS;
  const to = min(rows, from + ROWS);
  for (let row = from; row < to; row++) {
    const start = load<i32>(indptr + (<usize>row << 2));
    const end = load<i32>(indptr + (<usize>row << 2), 4);
    const target = out + <usize>row * stride;
    for (let column: usize = 0; column < stride; column += 16) {
      let sum = f32x4.splat(0);
      for (let k = start; k < end; k++) {
        const index = load<u32>(indices + (<usize>k << 2));
        const value = v128.load32_splat(values + (<usize>k << 2));
        sum = f32x4.add(sum, f32x4.mul(value, v128.load(dense + <usize>index * stride + column)));
      }
      v128.store(target + column, sum);
    }
  }
}
