import { addGram, solve } from './als-cholesky';
import { addRows, addScaled, clear, copy, multiply, touch } from './als-vectors';

/**
 * A short row: v = W' (D^-1 + W W')^-1 D^-1 c, the n x n form of the normal equations (push-through identity), W the
 * rows of w that the entries name, D = diag(gains), c = weight + gains. `scale`, where there is one, multiplies W's
 * columns. With a `z` the result is the sum of its rows rather than of W's.
 */
export function solveDual(
  n: i32,
  indices: usize,
  gains: usize,
  w: usize,
  z: usize,
  width: i32,
  weight: f32,
  scale: usize,
  v: usize,
  g: usize,
  s: usize,
  t: usize,
  scratch: usize,
): void {
  const stride = (<usize>width) << 2;
  const padded = (n + 3) & ~3;
  const below = (<usize>padded) << 2;
  clear(s, below * <usize>padded);
  let floor: f32 = 1;
  for (let i = 0; i < padded; i++) {
    const row = g + <usize>i * stride;
    let inverse: f32 = 1;
    let right: f32 = 0;
    if (i < n) {
      if ((i & 15) === 0) touch(n - i - 16, indices + ((<usize>i) << 2) + 64, w, stride, scratch);
      const source = w + <usize>load<u32>(indices + ((<usize>i) << 2)) * stride;
      if (scale) multiply(source, scale, row, stride);
      else copy(source, row, stride);
      inverse = 1 / load<f32>(gains + ((<usize>i) << 2));
      right = 1 + weight * inverse;
      floor = min(floor, inverse);
    } else clear(row, stride);
    store<f32>(s + <usize>i * (below + 4), inverse);
    store<f32>(t + ((<usize>i) << 2), right);
  }
  addGram(s, padded, g, width);
  solve(s, padded, t, floor, scratch);
  clear(v, stride);
  if (z) {
    for (let i = 0; i < n; i++) {
      const row = z + <usize>load<u32>(indices + ((<usize>i) << 2)) * stride;
      addScaled(load<f32>(t + ((<usize>i) << 2)), row, v, stride);
    }
    return;
  }
  // Rows of padding are zeros.
  for (let i = 0; i < padded; i += 4) {
    const row = g + <usize>i * stride;
    const factor = v128.load(t + ((<usize>i) << 2));
    addRows(factor, row, row + stride, row + 2 * stride, row + 3 * stride, v, stride);
  }
}
