import { addRows, addScaled, clear, copy, inner, multiply, scaleAdd, totals, touch } from './als-vectors';

/**
 * A row by conjugate gradients, from v: (I + W' D W) v = W' c; names as in `solveDual`. A step costs 4 n width, for the
 * Gram matrix is the unit matrix in these coordinates: as if preconditioned by it. Ends after `steps`, or when the
 * error of v is at most `tolerance` times v. `scratch` holds 4 * width + 1
 * floats.
 */
export function solveConjugate(
  n: i32,
  indices: usize,
  gains: usize,
  w: usize,
  width: i32,
  weight: f32,
  scale: usize,
  steps: i32,
  tolerance: f32,
  v: usize,
  scratch: usize,
): void {
  const bytes = (<usize>width) << 2;
  const r = scratch;
  const p = r + bytes;
  const q = p + bytes;
  const scaled = q + bytes;
  let start = v;
  if (scale) {
    multiply(v, scale, scaled, bytes);
    start = scaled;
  }
  // The residual: right side less (I + W' D W) v, in one pass.
  sumRows(n, indices, gains, w, bytes, weight, 1, -1, start, r, scaled + bytes);
  if (scale) multiply(r, scale, r, bytes);
  addScaled(-1, v, r, bytes);
  copy(r, p, bytes);
  // The matrix is at least the unit matrix: the error of v is at most the residual.
  const enough = tolerance * tolerance;
  let before = inner(r, r, bytes);
  for (let step = 0; step < steps && before > enough * inner(v, v, bytes); step++) {
    apply(n, indices, gains, w, bytes, scale, p, scaled, q);
    const along = before / inner(p, q, bytes);
    addScaled(along, p, v, bytes);
    addScaled(-along, q, r, bytes);
    const after = inner(r, r, bytes);
    scaleAdd(r, after / before, p, bytes);
    before = after;
  }
}

/** out = (I + W' D W) x. */
function apply(
  n: i32,
  indices: usize,
  gains: usize,
  w: usize,
  bytes: usize,
  scale: usize,
  x: usize,
  scaled: usize,
  out: usize,
): void {
  let direction = x;
  if (scale) {
    multiply(x, scale, scaled, bytes);
    direction = scaled;
  }
  sumRows(n, indices, gains, w, bytes, 0, 0, 1, direction, out, 0);
  if (scale) multiply(out, scale, out, bytes);
  addScaled(1, x, out, bytes);
}

/** out = sum over the entries of (constant (weight + gain) + slope gain (row x)) row; with a `sink` at first touch. */
function sumRows(
  n: i32,
  indices: usize,
  gains: usize,
  w: usize,
  bytes: usize,
  weight: f32,
  constant: f32,
  slope: f32,
  x: usize,
  out: usize,
  sink: usize,
): void {
  let k = 0;
  clear(out, bytes);
  for (; k + 4 <= n; k += 4) {
    const at = (<usize>k) << 2;
    if (sink && (k & 15) === 0) touch(n - k - 16, indices + at + 64, w, bytes, sink);
    const a = w + <usize>load<u32>(indices + at) * bytes;
    const b = w + <usize>load<u32>(indices + at, 4) * bytes;
    const c = w + <usize>load<u32>(indices + at, 8) * bytes;
    const d = w + <usize>load<u32>(indices + at, 12) * bytes;
    let pa = f32x4.splat(0);
    let pb = f32x4.splat(0);
    let pc = f32x4.splat(0);
    let pd = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) {
      const xi = v128.load(x + i);
      pa = f32x4.add(pa, f32x4.mul(xi, v128.load(a + i)));
      pb = f32x4.add(pb, f32x4.mul(xi, v128.load(b + i)));
      pc = f32x4.add(pc, f32x4.mul(xi, v128.load(c + i)));
      pd = f32x4.add(pd, f32x4.mul(xi, v128.load(d + i)));
    }
    const gain = v128.load(gains + at);
    const factor = f32x4.add(
      f32x4.mul(f32x4.splat(constant), f32x4.add(f32x4.splat(weight), gain)),
      f32x4.mul(f32x4.mul(f32x4.splat(slope), gain), totals(pa, pb, pc, pd)),
    );
    addRows(factor, a, b, c, d, out, bytes);
  }
  for (; k < n; k++) {
    const a = w + <usize>load<u32>(indices + ((<usize>k) << 2)) * bytes;
    const gain = load<f32>(gains + ((<usize>k) << 2));
    addScaled(constant * (weight + gain) + slope * gain * inner(x, a, bytes), a, out, bytes);
  }
}
