/** Rows of x that are packed and summed at a time: their panels stay in the second cache. */
const DEPTH: i32 = 128;
const PANEL: i32 = 8;

/**
 * Partial sums of x'x: block i sums its `depth` rows of x into the i-th matrix of `partial`, [width, width], whose
 * lower 8 x 8 tiles alone are written. `width` is a multiple of 8. The scratch holds 128 x width floats.
 */
export function gram(
  block: i32,
  scratch: usize,
  rows: i32,
  width: i32,
  depth: i32,
  x: usize,
  partial: usize,
): void {
  const stride = (<usize>width) << 2;
  const out = partial + <usize>block * stride * <usize>width;
  const last = min(rows, (block + 1) * depth);
  let first = true;
  for (let from = block * depth; from < last || first; from += DEPTH) {
    const count = max(0, min(DEPTH, last - from));
    for (let row = 0; row < count; row++) {
      const source = x + <usize>(from + row) * stride;
      let target = scratch + <usize>row * 32;
      for (let column: usize = 0; column < stride; column += 32) {
        v128.store(target, v128.load(source + column));
        v128.store(target, v128.load(source + column, 16), 16);
        target += <usize>DEPTH * 32;
      }
    }
    for (let i = 0; i < width; i += 4)
      for (let j = 0; j <= i; j += PANEL)
        outer(
          count,
          scratch + <usize>(i / PANEL) * DEPTH * 32 + <usize>(i % PANEL) * 4,
          scratch + <usize>(j / PANEL) * DEPTH * 32,
          out + <usize>i * stride + <usize>j * 4,
          stride,
          first,
        );
    first = false;
  }
}

/** c (4 x 8) = or += the sum over `count` rows of the outer products of 4 and 8 values. */
function outer(count: i32, a: usize, b: usize, c: usize, stride: usize, fresh: bool): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  const end = a + <usize>count * 32;
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
    a += 32;
    b += 32;
  }
  add(c, c00, c01, fresh);
  add(c + stride, c10, c11, fresh);
  add(c + 2 * stride, c20, c21, fresh);
  add(c + 3 * stride, c30, c31, fresh);
}

function add(c: usize, low: v128, high: v128, fresh: bool): void {
  if (!fresh) {
    low = f32x4.add(low, v128.load(c));
    high = f32x4.add(high, v128.load(c, 16));
  }
  v128.store(c, low);
  v128.store(c, high, 16);
}
