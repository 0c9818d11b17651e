// Loops over vectors of floats, `bytes` long, a multiple of 16; of 32 for `copy`.

/** out = 0. In a loop: the instruction for it is a call out of the module, far too long for a few cache lines. */
export function clear(out: usize, bytes: usize): void {
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, zero);
}

/** out = a. */
export function copy(a: usize, out: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 32) {
    v128.store(out + i, v128.load(a + i));
    v128.store(out + i, v128.load(a + i, 16), 16);
  }
}

/**
 * Reads a word of each cache line of up to 16 rows that indices name, so that their cache misses, of which a computing
 * loop has few at a time, are under way at once. WebAssembly has no prefetch. The sum goes to `sink`.
 */
export function touch(n: i32, indices: usize, w: usize, bytes: usize, sink: usize): void {
  let sum: i32 = 0;
  for (let k = 0; k < min(n, 16); k++) {
    const row = w + <usize>load<u32>(indices + ((<usize>k) << 2)) * bytes;
    for (let i: usize = 0; i < bytes; i += 64) sum += load<i32>(row + i);
  }
  store<i32>(sink, sum);
}

/** out = a * b. */
export function multiply(a: usize, b: usize, out: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 16)
    v128.store(out + i, f32x4.mul(v128.load(a + i), v128.load(b + i)));
}

/** out += factor * a. */
export function addScaled(factor: f32, a: usize, out: usize, bytes: usize): void {
  const by = f32x4.splat(factor);
  for (let i: usize = 0; i < bytes; i += 16)
    v128.store(out + i, f32x4.add(v128.load(out + i), f32x4.mul(by, v128.load(a + i))));
}

/** out += four rows, each times a lane of `factor`. */
export function addRows(
  factor: v128,
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  out: usize,
  bytes: usize,
): void {
  const fa = v128.shuffle<f32>(factor, factor, 0, 0, 0, 0);
  const fb = v128.shuffle<f32>(factor, factor, 1, 1, 1, 1);
  const fc = v128.shuffle<f32>(factor, factor, 2, 2, 2, 2);
  const fd = v128.shuffle<f32>(factor, factor, 3, 3, 3, 3);
  for (let i: usize = 0; i < bytes; i += 16) {
    const ab = f32x4.add(f32x4.mul(fa, v128.load(a + i)), f32x4.mul(fb, v128.load(b + i)));
    const cd = f32x4.add(f32x4.mul(fc, v128.load(c + i)), f32x4.mul(fd, v128.load(d + i)));
    v128.store(out + i, f32x4.add(v128.load(out + i), f32x4.add(ab, cd)));
  }
}

/** out = a + factor * out. */
export function scaleAdd(a: usize, factor: f32, out: usize, bytes: usize): void {
  const by = f32x4.splat(factor);
  for (let i: usize = 0; i < bytes; i += 16)
    v128.store(out + i, f32x4.add(v128.load(a + i), f32x4.mul(by, v128.load(out + i))));
}

/** The product of a and b. */
export function inner(a: usize, b: usize, bytes: usize): f32 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let i: usize = 0;
  for (; i + 32 <= bytes; i += 32) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a + i), v128.load(b + i)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a + i, 16), v128.load(b + i, 16)));
  }
  if (i < bytes) s0 = f32x4.add(s0, f32x4.mul(v128.load(a + i), v128.load(b + i)));
  return total(f32x4.add(s0, s1));
}

/** The sum of a vector's lanes. */
export function total(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) +
    f32x4.extract_lane(v, 1) +
    (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/** The sums of the lanes of four vectors, as one. */
export function totals(v0: v128, v1: v128, v2: v128, v3: v128): v128 {
  const a = f32x4.add(v128.shuffle<f32>(v0, v1, 0, 4, 1, 5), v128.shuffle<f32>(v0, v1, 2, 6, 3, 7));
  const b = f32x4.add(v128.shuffle<f32>(v2, v3, 0, 4, 1, 5), v128.shuffle<f32>(v2, v3, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
}
