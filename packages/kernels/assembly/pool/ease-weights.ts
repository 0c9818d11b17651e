/** Rows of a block. */
const ROWS: i32 = 64;

/**
 * B[i, j] = -p[i, j] / p[j, j], 0 where i = j (Steck 2019, equation 8), in place of a = -p, of which the lower triangle
 * is there. A block is the pieces of its rows below the diagonal and their mirror images.
 */
export function easeWeights(block: i32, scratch: usize, n: i32, a: usize, lda: usize, inverses: usize): void {
  const first = block * ROWS;
  const last = min(n, first + ROWS);
  for (let left = 0; left < last; left += ROWS)
    for (let row = first; row < last; row++) {
      const own = load<f32>(inverses + ((<usize>row) << 2));
      const source = a + <usize>row * lda;
      for (let column = left; column < min(left + ROWS, row); column++) {
        const value = load<f32>(source + ((<usize>column) << 2));
        store<f32>(source + ((<usize>column) << 2), value * load<f32>(inverses + ((<usize>column) << 2)));
        store<f32>(a + <usize>column * lda + ((<usize>row) << 2), value * own);
      }
    }
  for (let row = first; row < last; row++) store<f32>(a + <usize>row * lda + ((<usize>row) << 2), 0);
}
