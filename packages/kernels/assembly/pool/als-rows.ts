import { solveConjugate } from './als-conjugate';
import { solveDual } from './als-dual';
import { solvePrimal } from './als-primal';
import { times, TRAILING, WHOLE } from './als-triangle';
import { clear, multiply, touch } from './als-vectors';

/** Rows of a block, at most. */
const ROWS: usize = 64;
/** Entries that `solvePrimal` gathers at a time. */
const CHUNK: i32 = 128;

/**
 * Solves rows of one side of the factorization from the other side's rows w in whitened coordinates (`alsWhiten`).
 * Block i is the rows from starts[i] to starts[i + 1], 64 at most, longest first. Rows with at most `limit` entries (no
 * more than width) are solved in the dual form, longer ones by at most `steps` conjugate gradient steps, or in the
 * ordinary form where `steps` is 0. Conjugate gradients start from the rows of `out`, or from zero where `warm` is 0.
 *
 * `z`, where it is not 0, is w times `back`: short rows are then summed from it and need not go through `back` one by one.
 *
 * `spectrum`, where it is not 0, holds the eigenvalues of the Gram matrix times the unobserved weight: w is then in the
 * coordinates of its eigenvectors, and `lambdas` holds the regularization of each row. There is no `z` then.
 *
 * Scratch in floats: 64 + width (64 + 7 + max(width, 128) + width).
 */
export function alsRows(
  block: i32,
  scratch: usize,
  starts: usize,
  indptr: usize,
  indices: usize,
  gains: usize,
  w: usize,
  z: usize,
  out: usize,
  width: i32,
  weight: f32,
  limit: i32,
  steps: i32,
  tolerance: f32,
  back: usize,
  warm: usize,
  spectrum: usize,
  lambdas: usize,
): void {
  const stride = (<usize>width) << 2;
  const first = load<i32>(starts + ((<usize>block) << 2));
  const count = load<i32>(starts + ((<usize>block) << 2), 4) - first;
  const target = out + <usize>first * stride;
  const ends = indptr + ((<usize>first) << 2);
  const scale = scratch + ROWS * stride;
  const t = scale + stride;
  const small = t + stride;
  const g = small + 5 * stride + 256;
  const s = g + <usize>max(width, CHUNK) * stride;
  const part = spectrum ? WHOLE : TRAILING;
  const long = entries(ends, 0) > limit;
  const direct = z !== 0 && !long;
  const v = direct ? target : scratch;
  if (long && steps > 0 && warm) times(target, count, width, warm, part, v);
  else clear(v, <usize>count * stride);
  ahead(ends, 0, indices, w, stride, small);
  for (let i = 0; i < count; i++) {
    const n = entries(ends, i);
    if (i + 1 < count) ahead(ends, i + 1, indices, w, stride, small);
    const x = v + <usize>i * stride;
    if (n === 0) {
      clear(x, stride);
      continue;
    }
    const from = (<usize>load<i32>(ends + ((<usize>i) << 2))) << 2;
    const at = indices + from;
    const gain = gains + from;
    let scaled: usize = 0;
    if (spectrum) {
      scaled = scale;
      whiten(spectrum, load<f32>(lambdas + ((<usize>(first + i)) << 2)), scale, stride);
    }
    if (n <= limit) solveDual(n, at, gain, w, direct ? z : 0, width, weight, scaled, x, g, s, t, small);
    else if (steps > 0) {
      if (scaled && warm) divide(x, scale, stride);
      solveConjugate(n, at, gain, w, width, weight, scaled, steps, tolerance, x, small);
    } else solvePrimal(n, at, gain, w, width, weight, scaled, x, g, s, t, small);
    if (scaled) multiply(x, scale, x, stride);
  }
  if (!direct) times(v, count, width, back, part, target);
}

function entries(ends: usize, row: i32): i32 {
  const at = ends + ((<usize>row) << 2);
  return load<i32>(at, 4) - load<i32>(at);
}

/** Touches what the next row needs first, so that its cache misses are over when its turn comes. */
function ahead(ends: usize, row: i32, indices: usize, w: usize, stride: usize, sink: usize): void {
  const from = (<usize>load<i32>(ends + ((<usize>row) << 2))) << 2;
  touch(entries(ends, row), indices + from, w, stride, sink);
}

/** scale = 1 / sqrt(spectrum + lambda). */
function whiten(spectrum: usize, lambda: f32, scale: usize, bytes: usize): void {
  const one = f32x4.splat(1);
  const shift = f32x4.splat(lambda);
  for (let i: usize = 0; i < bytes; i += 16)
    v128.store(scale + i, f32x4.div(one, f32x4.sqrt(f32x4.add(v128.load(spectrum + i), shift))));
}

function divide(x: usize, scale: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16)
    v128.store(x + i, f32x4.div(v128.load(x + i), v128.load(scale + i)));
}
