/** Columns of a packed panel: two vectors. */
const PANEL: i32 = 8;

/**
 * Packs b [n, k] for `gemm`: panels of 8 of its rows, the 8 values of a column together, missing rows as zeros.
 * A block is one panel.
 */
export function gemmPack(
  block: i32,
  scratch: usize,
  n: i32,
  k: i32,
  b: usize,
  ldb: usize,
  packed: usize,
): void {
  const panel = packed + <usize>block * <usize>k * 32;
  for (let row = 0; row < PANEL; row++) {
    const from = block * PANEL + row;
    const target = panel + ((<usize>row) << 2);
    if (from < n) {
      const source = b + <usize>from * ldb;
      for (let i = 0; i < k; i++)
        store<f32>(target + ((<usize>i) << 5), load<f32>(source + ((<usize>i) << 2)));
    } else for (let i = 0; i < k; i++) store<f32>(target + ((<usize>i) << 5), 0);
  }
}
