/**
 * From the partial sums of the Gram matrix G of `gram`: L, lower, with L L' = weight G + regularization I, and its
 * inverse, in float64, at `work` (two matrices [width, width]); then, in float32 and packed for `tile`:
 *
 * - `forward`: rows of x times it are x L^-T, in which K = (L L')^-1 is the unit matrix;
 * - `back`: from there to factors, v L^-1;
 * - `warm`: from factors to there, v L.
 *
 * One block.
 */
export function alsWhiten(
  block: i32,
  scratch: usize,
  width: i32,
  partial: usize,
  partials: i32,
  weight: f64,
  regularization: f64,
  work: usize,
  forward: usize,
  back: usize,
  warm: usize,
): void {
  const size = <usize>width * <usize>width;
  const lower = work;
  const inverse = work + size * 8;
  sum(width, partial, partials, weight, regularization, lower);
  factor(width, lower);
  invert(width, lower, inverse);
  for (let row = 0; row < width; row++)
    for (let column = 0; column < width; column++) {
      const at = (<usize>row * <usize>width + <usize>column) << 3;
      const zero = column > row;
      const l = zero ? <f32>0 : <f32>load<f64>(lower + at);
      const i = zero ? <f32>0 : <f32>load<f64>(inverse + at);
      store<f32>(forward + place(row, column, width), i);
      store<f32>(back + place(column, row, width), i);
      store<f32>(warm + place(column, row, width), l);
    }
}

/** Where `tile` wants the value at b[row, column]. */
function place(row: i32, column: i32, width: i32): usize {
  return (<usize>(row >> 3) * <usize>width + <usize>column) * 32 + <usize>(row & 7) * 4;
}

/** The lower part of weight G + regularization I, partial sums added in their order. */
function sum(width: i32, partial: usize, partials: i32, weight: f64, regularization: f64, out: usize): void {
  const stride = <usize>width * <usize>width * 4;
  for (let row = 0; row < width; row++)
    for (let column = 0; column < width; column += 2) {
      const at = <usize>row * <usize>width + <usize>column;
      let total = f64x2.splat(0);
      if (column <= row) {
        let source = partial + at * 4;
        for (let i = 0; i < partials; i++, source += stride)
          total = f64x2.add(total, f64x2.promote_low_f32x4(v128.load64_zero(source)));
        total = f64x2.mul(total, f64x2.splat(weight));
      }
      v128.store(out + at * 8, total);
    }
  for (let row = 0; row < width; row++) {
    const at = out + (<usize>row * <usize>width + <usize>row) * 8;
    store<f64>(at, load<f64>(at) + regularization);
  }
}

/** Cholesky, in place, row by row. */
function factor(width: i32, l: usize): void {
  const stride = <usize>width * 8;
  for (let i = 0; i < width; i++) {
    const row = l + <usize>i * stride;
    for (let j = 0; j <= i; j++) {
      const other = l + <usize>j * stride;
      const at = row + <usize>j * 8;
      const value = load<f64>(at) - dot(row, other, j);
      store<f64>(at, j === i ? sqrt(value) : value / load<f64>(other + <usize>j * 8));
    }
  }
}

function dot(a: usize, b: usize, count: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  let i = 0;
  for (; i + 8 <= count; i += 8, a += 64, b += 64) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(a), v128.load(b)));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(a, 16), v128.load(b, 16)));
    s2 = f64x2.add(s2, f64x2.mul(v128.load(a, 32), v128.load(b, 32)));
    s3 = f64x2.add(s3, f64x2.mul(v128.load(a, 48), v128.load(b, 48)));
  }
  s0 = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  let total = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
  for (; i < count; i++, a += 8, b += 8) total += load<f64>(a) * load<f64>(b);
  return total;
}

/** The inverse of a lower triangle: row i is e_i less the rows before it, over the diagonal. */
function invert(width: i32, l: usize, out: usize): void {
  const stride = <usize>width * 8;
  for (let i = 0; i < width; i++) {
    const row = out + <usize>i * stride;
    memory.fill(row, 0, stride);
    const source = l + <usize>i * stride;
    for (let k = 0; k < i; k++) {
      const factor = f64x2.splat(load<f64>(source + <usize>k * 8));
      const other = out + <usize>k * stride;
      for (let j: usize = 0; j <= <usize>k * 8; j += 16)
        v128.store(row + j, f64x2.sub(v128.load(row + j), f64x2.mul(factor, v128.load(other + j))));
    }
    const scale = 1 / load<f64>(source + <usize>i * 8);
    for (let j: usize = 0; j < <usize>i * 8; j += 8) store<f64>(row + j, load<f64>(row + j) * scale);
    store<f64>(row + <usize>i * 8, scale);
  }
}
