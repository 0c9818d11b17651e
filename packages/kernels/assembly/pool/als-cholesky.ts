import { addRows, totals } from './als-vectors';

/** c (2 x 4) += or -= the products of 2 rows at a with 4 rows at b, over `bytes` of each. */
export function products(
  a: usize,
  b: usize,
  stride: usize,
  bytes: usize,
  c: usize,
  below: usize,
  minus: bool,
): void {
  let a1 = a + stride;
  let b1 = b + stride;
  let b2 = b1 + stride;
  let b3 = b2 + stride;
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c02 = f32x4.splat(0);
  let c03 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c12 = f32x4.splat(0);
  let c13 = f32x4.splat(0);
  const end = a + bytes;
  while (a < end) {
    const x0 = v128.load(a);
    const x1 = v128.load(a1);
    let y = v128.load(b);
    c00 = f32x4.add(c00, f32x4.mul(x0, y));
    c10 = f32x4.add(c10, f32x4.mul(x1, y));
    y = v128.load(b1);
    c01 = f32x4.add(c01, f32x4.mul(x0, y));
    c11 = f32x4.add(c11, f32x4.mul(x1, y));
    y = v128.load(b2);
    c02 = f32x4.add(c02, f32x4.mul(x0, y));
    c12 = f32x4.add(c12, f32x4.mul(x1, y));
    y = v128.load(b3);
    c03 = f32x4.add(c03, f32x4.mul(x0, y));
    c13 = f32x4.add(c13, f32x4.mul(x1, y));
    a += 16;
    a1 += 16;
    b += 16;
    b1 += 16;
    b2 += 16;
    b3 += 16;
  }
  const upper = totals(c00, c01, c02, c03);
  const lower = totals(c10, c11, c12, c13);
  const next = c + below;
  if (minus) {
    v128.store(c, f32x4.sub(v128.load(c), upper));
    v128.store(next, f32x4.sub(v128.load(next), lower));
  } else {
    v128.store(c, f32x4.add(v128.load(c), upper));
    v128.store(next, f32x4.add(v128.load(next), lower));
  }
}

/** s [n, n] += g g', its lower 4 x 4 tiles; g [n, width], n a multiple of 4. */
export function addGram(s: usize, n: i32, g: usize, width: i32): void {
  const below = (<usize>n) << 2;
  const stride = (<usize>width) << 2;
  for (let i = 0; i < n; i += 2)
    for (let j = 0; j <= i; j += 4)
      products(
        g + <usize>i * stride,
        g + <usize>j * stride,
        stride,
        stride,
        s + <usize>i * below + ((<usize>j) << 2),
        below,
        false,
      );
}

/**
 * Solves s x = b in place, s [n, n] symmetric positive definite with its lower 4 x 4 tiles given, n a multiple of 4.
 * Left-looking Cholesky by columns of tiles. `floor` is a lower bound of the eigenvalues, and so of every squared pivot:
 * rounding cannot bring one below it. `inverses` holds 4 n floats: the tiles of the diagonal, inverted.
 */
export function solve(s: usize, n: i32, b: usize, floor: f32, inverses: usize): void {
  const below = (<usize>n) << 2;
  for (let j = 0; j < n; j += 4) {
    const others = s + <usize>j * below;
    const done = (<usize>j) << 2;
    const inverse = inverses + <usize>j * 16;
    if (j > 0) {
      products(others, others, below, done, others + done, below, true);
      products(others + 2 * below, others, below, done, others + 2 * below + done, below, true);
    }
    corner(others + done, below, floor, inverse);
    const k0 = v128.load(inverse);
    const k1 = v128.load(inverse, 16);
    const k2 = v128.load(inverse, 32);
    const k3 = v128.load(inverse, 48);
    for (let i = j + 4; i < n; i += 2) {
      const row = s + <usize>i * below;
      const at = row + done;
      if (j > 0) products(row, others, below, done, at, below, true);
      v128.store(at, combine(v128.load(at), k0, k1, k2, k3));
      v128.store(at + below, combine(v128.load(at + below), k0, k1, k2, k3));
    }
  }
  forward(s, n, b, inverses);
  backward(s, n, b, inverses);
}

/** The sum of four vectors, each times a lane of x. */
function combine(x: v128, k0: v128, k1: v128, k2: v128, k3: v128): v128 {
  const low = f32x4.add(
    f32x4.mul(v128.shuffle<f32>(x, x, 0, 0, 0, 0), k0),
    f32x4.mul(v128.shuffle<f32>(x, x, 1, 1, 1, 1), k1),
  );
  const high = f32x4.add(
    f32x4.mul(v128.shuffle<f32>(x, x, 2, 2, 2, 2), k2),
    f32x4.mul(v128.shuffle<f32>(x, x, 3, 3, 3, 3), k3),
  );
  return f32x4.add(low, high);
}

/** The columns of the inverse of the Cholesky factor of a 4 x 4 tile. */
function corner(c: usize, below: usize, floor: f32, inverse: usize): void {
  const r1 = c + below;
  const r2 = r1 + below;
  const r3 = r2 + below;
  const p0 = pivot(load<f32>(c), floor);
  const l10 = load<f32>(r1) * p0;
  const l20 = load<f32>(r2) * p0;
  const l30 = load<f32>(r3) * p0;
  const p1 = pivot(load<f32>(r1, 4) - l10 * l10, floor);
  const l21 = (load<f32>(r2, 4) - l20 * l10) * p1;
  const l31 = (load<f32>(r3, 4) - l30 * l10) * p1;
  const p2 = pivot(load<f32>(r2, 8) - l20 * l20 - l21 * l21, floor);
  const l32 = (load<f32>(r3, 8) - l30 * l20 - l31 * l21) * p2;
  const p3 = pivot(load<f32>(r3, 12) - l30 * l30 - l31 * l31 - l32 * l32, floor);
  const i10 = -l10 * p0 * p1;
  const i21 = -l21 * p1 * p2;
  const i32 = -l32 * p2 * p3;
  const i20 = -(l20 * p0 + l21 * i10) * p2;
  const i31 = -(l31 * p1 + l32 * i21) * p3;
  const i30 = -(l30 * p0 + l31 * i10 + l32 * i20) * p3;
  put(inverse, p0, i10, i20, i30);
  put(inverse + 16, 0, p1, i21, i31);
  put(inverse + 32, 0, 0, p2, i32);
  put(inverse + 48, 0, 0, 0, p3);
}

function pivot(square: f32, floor: f32): f32 {
  return 1 / sqrt(max(square, floor));
}

function put(at: usize, a: f32, b: f32, c: f32, d: f32): void {
  store<f32>(at, a);
  store<f32>(at, b, 4);
  store<f32>(at, c, 8);
  store<f32>(at, d, 12);
}

/** b = L^-1 b, four rows at a time. */
function forward(s: usize, n: i32, b: usize, inverses: usize): void {
  const below = (<usize>n) << 2;
  for (let j: usize = 0; j < below; j += 16) {
    const row = s + (j >> 2) * below;
    let v0 = f32x4.splat(0);
    let v1 = f32x4.splat(0);
    let v2 = f32x4.splat(0);
    let v3 = f32x4.splat(0);
    for (let i: usize = 0; i < j; i += 16) {
      const x = v128.load(b + i);
      v0 = f32x4.add(v0, f32x4.mul(x, v128.load(row + i)));
      v1 = f32x4.add(v1, f32x4.mul(x, v128.load(row + below + i)));
      v2 = f32x4.add(v2, f32x4.mul(x, v128.load(row + 2 * below + i)));
      v3 = f32x4.add(v3, f32x4.mul(x, v128.load(row + 3 * below + i)));
    }
    const rest = f32x4.sub(v128.load(b + j), totals(v0, v1, v2, v3));
    const k = inverses + (j << 2);
    v128.store(b + j, combine(rest, v128.load(k), v128.load(k, 16), v128.load(k, 32), v128.load(k, 48)));
  }
}

/** b = L'^-1 b, four rows at a time. */
function backward(s: usize, n: i32, b: usize, inverses: usize): void {
  const below = (<usize>n) << 2;
  for (let j = below; j > 0;) {
    j -= 16;
    const row = s + (j >> 2) * below;
    const k = inverses + (j << 2);
    const y = v128.load(b + j);
    const x = totals(
      f32x4.mul(y, v128.load(k)),
      f32x4.mul(y, v128.load(k, 16)),
      f32x4.mul(y, v128.load(k, 32)),
      f32x4.mul(y, v128.load(k, 48)),
    );
    v128.store(b + j, x);
    addRows(f32x4.neg(x), row, row + below, row + 2 * below, row + 3 * below, b, j);
  }
}
