/**
 * Inverts a positive definite matrix [width, width] in place, one column after the other (Gauss-Jordan). Adds 1 to the
 * float at `failures` when a pivot is not positive, and leaves the matrix half done.
 */
export function spdPivot(block: i32, scratch: usize, width: i32, pivot: usize, failures: usize): void {
  const bytes = (<usize>width) << 2;
  for (let k = 0; k < width; k++) {
    const own = pivot + <usize>k * bytes;
    const diagonal = own + ((<usize>k) << 2);
    const value = load<f32>(diagonal);
    if (!(value > 0)) {
      store<f32>(failures, load<f32>(failures) + 1);
      return;
    }
    store<f32>(diagonal, 1);
    for (let i: usize = 0; i < bytes; i += 4) store<f32>(own + i, load<f32>(own + i) / value);
    for (let row = 0; row < width; row++) {
      if (row === k) continue;
      const target = pivot + <usize>row * bytes;
      const factor = load<f32>(target + ((<usize>k) << 2));
      store<f32>(target + ((<usize>k) << 2), 0);
      addRow(target, own, -factor, bytes);
    }
  }
}

/** target += factor source. */
function addRow(target: usize, source: usize, factor: f32, bytes: usize): void {
  const factorX4 = f32x4.splat(factor);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16)
    v128.store(target + i, f32x4.add(v128.load(target + i), f32x4.mul(factorX4, v128.load(source + i))));
  for (; i < bytes; i += 4) store<f32>(target + i, load<f32>(target + i) + factor * load<f32>(source + i));
}
