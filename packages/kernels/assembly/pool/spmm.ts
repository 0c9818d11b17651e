/** Rows of a block. */
const ROWS: i32 = 256;

/**
 * out = base + the entries from `start` to `end` of a sparse row times their dense rows. The row is summed in pieces
 * that fit the registers, so that an index and a value are read once for 32 columns; `base` 0 means zeros.
 */
function sumRow(
  indices: usize,
  values: usize,
  start: i32,
  end: i32,
  dense: usize,
  base: usize,
  out: usize,
  stride: usize,
): void {
  let column: usize = 0;
  for (; column + 128 <= stride; column += 128) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let s4 = s0;
    let s5 = s0;
    let s6 = s0;
    let s7 = s0;
    if (base !== 0) {
      const from = base + column;
      s0 = v128.load(from);
      s1 = v128.load(from, 16);
      s2 = v128.load(from, 32);
      s3 = v128.load(from, 48);
      s4 = v128.load(from, 64);
      s5 = v128.load(from, 80);
      s6 = v128.load(from, 96);
      s7 = v128.load(from, 112);
    }
    const piece = dense + column;
    for (let k = start; k < end; k++) {
      const row = piece + <usize>load<u32>(indices + ((<usize>k) << 2)) * stride;
      const value = v128.load32_splat(values + ((<usize>k) << 2));
      s0 = f32x4.add(s0, f32x4.mul(value, v128.load(row)));
      s1 = f32x4.add(s1, f32x4.mul(value, v128.load(row, 16)));
      s2 = f32x4.add(s2, f32x4.mul(value, v128.load(row, 32)));
      s3 = f32x4.add(s3, f32x4.mul(value, v128.load(row, 48)));
      s4 = f32x4.add(s4, f32x4.mul(value, v128.load(row, 64)));
      s5 = f32x4.add(s5, f32x4.mul(value, v128.load(row, 80)));
      s6 = f32x4.add(s6, f32x4.mul(value, v128.load(row, 96)));
      s7 = f32x4.add(s7, f32x4.mul(value, v128.load(row, 112)));
    }
    const to = out + column;
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
    v128.store(to, s4, 64);
    v128.store(to, s5, 80);
    v128.store(to, s6, 96);
    v128.store(to, s7, 112);
  }
  for (; column < stride; column += 16) {
    let sum = f32x4.splat(0);
    if (base !== 0) sum = v128.load(base + column);
    const piece = dense + column;
    for (let k = start; k < end; k++) {
      const row = piece + <usize>load<u32>(indices + ((<usize>k) << 2)) * stride;
      sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(values + ((<usize>k) << 2)), v128.load(row)));
    }
    v128.store(out + column, sum);
  }
}

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
  spmmAdd(block, scratch, indptr, indices, values, dense, 0, out, rows, stride);
}

/** The same, added to `base`, which has the shape of `out`; 0 means zeros. */
export function spmmAdd(
  block: i32,
  scratch: usize,
  indptr: usize,
  indices: usize,
  values: usize,
  dense: usize,
  base: usize,
  out: usize,
  rows: i32,
  stride: usize,
): void {
  const from = block * ROWS;
  const to = min(rows, from + ROWS);
  let end = load<i32>(indptr + ((<usize>from) << 2));
  for (let row = from; row < to; row++) {
    const start = end;
    end = load<i32>(indptr + ((<usize>row) << 2), 4);
    const offset = <usize>row * stride;
    sumRow(indices, values, start, end, dense, base === 0 ? 0 : base + offset, out + offset, stride);
  }
}
