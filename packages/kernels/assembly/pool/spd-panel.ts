/** Rows of a block. */
const ROWS: i32 = 64;

/**
 * Some columns of a symmetric matrix a [n, n] of which the lower triangle is there, as rows of `width` floats. Where the
 * columns meet their own rows, `panel` gets zeros, and `pivot` [width, width] what is there, both triangles.
 */
export function spdPanel(
  block: i32,
  scratch: usize,
  n: i32,
  a: usize,
  lda: usize,
  from: i32,
  width: i32,
  panel: usize,
  pivot: usize,
): void {
  const first = block * ROWS;
  const last = min(n, first + ROWS);
  const bytes = (<usize>width) << 2;
  const end = from + width;
  for (let column = from; column < end; column++) {
    // Above the pivot the columns are rows of the lower triangle.
    const source = a + <usize>column * lda;
    const target = panel + ((<usize>(column - from)) << 2);
    for (let row = first; row < min(last, from); row++)
      store<f32>(target + <usize>row * bytes, load<f32>(source + ((<usize>row) << 2)));
  }
  for (let row = max(first, from); row < min(last, end); row++) {
    memory.fill(panel + <usize>row * bytes, 0, bytes);
    const own = pivot + <usize>(row - from) * bytes;
    for (let column = from; column < end; column++) {
      const low = min(row, column);
      const high = max(row, column);
      store<f32>(
        own + ((<usize>(column - from)) << 2),
        load<f32>(a + <usize>high * lda + ((<usize>low) << 2)),
      );
    }
  }
  for (let row = max(first, end); row < last; row++)
    memory.copy(panel + <usize>row * bytes, a + <usize>row * lda + ((<usize>from) << 2), bytes);
}

/** The way back: the panel into the lower triangle, and minus the pivot where the columns meet their own rows. */
export function spdReturn(
  block: i32,
  scratch: usize,
  n: i32,
  a: usize,
  lda: usize,
  from: i32,
  width: i32,
  panel: usize,
  pivot: usize,
): void {
  const first = block * ROWS;
  const last = min(n, first + ROWS);
  const bytes = (<usize>width) << 2;
  const end = from + width;
  for (let column = from; column < end; column++) {
    const target = a + <usize>column * lda;
    const source = panel + ((<usize>(column - from)) << 2);
    for (let row = first; row < min(last, from); row++)
      store<f32>(target + ((<usize>row) << 2), load<f32>(source + <usize>row * bytes));
  }
  for (let row = max(first, from); row < min(last, end); row++)
    for (let column = from; column <= row; column++)
      store<f32>(
        a + <usize>row * lda + ((<usize>column) << 2),
        -load<f32>(pivot + <usize>(row - from) * bytes + ((<usize>(column - from)) << 2)),
      );
  for (let row = max(first, end); row < last; row++)
    memory.copy(a + <usize>row * lda + ((<usize>from) << 2), panel + <usize>row * bytes, bytes);
}
