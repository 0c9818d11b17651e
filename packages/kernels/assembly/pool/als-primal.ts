import { addGram, solve } from './als-cholesky';
import { addScaled, clear, multiply } from './als-vectors';

/** Entries that are gathered at a time. */
const CHUNK: i32 = 128;

/** A long row: v = (I + W' D W)^-1 W' c, the ordinary form; names as in `solveDual`. */
export function solvePrimal(
  n: i32,
  indices: usize,
  gains: usize,
  w: usize,
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
  clear(s, stride * <usize>width);
  clear(v, stride);
  for (let i: usize = 0; i < <usize>width; i++) store<f32>(s + i * (stride + 4), 1);
  for (let from = 0; from < n; from += CHUNK) {
    if (n - from < CHUNK) clear(g, stride * CHUNK);
    const last = min(n, from + CHUNK);
    for (let i = from; i < last; i++) {
      const gain = load<f32>(gains + ((<usize>i) << 2));
      let source = w + <usize>load<u32>(indices + ((<usize>i) << 2)) * stride;
      if (scale) {
        multiply(source, scale, t, stride);
        source = t;
      }
      addScaled(weight + gain, source, v, stride);
      const root = sqrt(gain);
      const target = g + ((<usize>(i - from)) << 2);
      for (let k: usize = 0; k < <usize>width; k++)
        store<f32>(target + k * (CHUNK << 2), root * load<f32>(source + (k << 2)));
    }
    addGram(s, width, g, CHUNK);
  }
  solve(s, width, v, 1, scratch);
}
