/** Rows of a tile of the result. */
const ROWS: i32 = 64;
/** Columns of a tile of the result: 32 panels. */
const COLUMNS: i32 = 256;
/** Columns of a packed panel: two vectors. */
const PANEL: i32 = 8;
/** Depth that is summed before the result is touched: a panel of it stays in the first cache. */
const DEPTH: i32 = 512;

/**
 * c [m, n] = alpha a b' + beta c, with b packed by `gemmPack` for its k; strides of a and c in bytes, any multiple of 4.
 * A block is a tile of 64 x 256 of the result; tiles below one another are neighbors.
 */
export function gemm(
  block: i32,
  scratch: usize,
  m: i32,
  n: i32,
  k: i32,
  alpha: f32,
  a: usize,
  lda: usize,
  packed: usize,
  beta: f32,
  c: usize,
  ldc: usize,
): void {
  const down = (m + ROWS - 1) / ROWS;
  const firstRow = (block % down) * ROWS;
  const firstColumn = (block / down) * COLUMNS;
  const lastRow = min(m, firstRow + ROWS);
  const lastColumn = min(n, firstColumn + COLUMNS);
  let scale = beta;
  let from = 0;
  do {
    const depth = min(DEPTH, k - from);
    for (let column = firstColumn; column < lastColumn; column += PANEL) {
      const panel = packed + (<usize>column * <usize>k + <usize>from * PANEL) * 4;
      for (let row = firstRow; row < lastRow; row += 4)
        tile(
          min(4, lastRow - row),
          min(PANEL, n - column),
          depth,
          alpha,
          a + <usize>row * lda + ((<usize>from) << 2),
          lda,
          panel,
          scale,
          c + <usize>row * ldc + ((<usize>column) << 2),
          ldc,
          scratch,
        );
    }
    scale = 1;
    from += DEPTH;
  } while (from < k);
}

/** Adds up to 4 x 8 of the result in registers; b points into a packed panel. */
export function tile(
  rows: i32,
  columns: i32,
  depth: i32,
  alpha: f32,
  a0: usize,
  lda: usize,
  b: usize,
  beta: f32,
  c: usize,
  ldc: usize,
  scratch: usize,
): void {
  // Rows that are not there are computed from the first one and dropped.
  let a1 = rows > 1 ? a0 + lda : a0;
  let a2 = rows > 2 ? a0 + 2 * lda : a0;
  let a3 = rows > 3 ? a0 + 3 * lda : a0;
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  const end = a0 + ((<usize>depth) << 2);
  while (a0 < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a1);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a2);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a3);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
    a0 += 4;
    a1 += 4;
    a2 += 4;
    a3 += 4;
    b += 32;
  }
  put(c, columns, alpha, c00, c01, beta, scratch);
  if (rows > 1) put(c + ldc, columns, alpha, c10, c11, beta, scratch);
  if (rows > 2) put(c + 2 * ldc, columns, alpha, c20, c21, beta, scratch);
  if (rows > 3) put(c + 3 * ldc, columns, alpha, c30, c31, beta, scratch);
}

function put(c: usize, columns: i32, alpha: f32, low: v128, high: v128, beta: f32, scratch: usize): void {
  const scale = f32x4.splat(alpha);
  low = f32x4.mul(scale, low);
  high = f32x4.mul(scale, high);
  if (columns === 8) {
    if (beta !== 0) {
      const keep = f32x4.splat(beta);
      low = f32x4.add(low, f32x4.mul(keep, v128.load(c)));
      high = f32x4.add(high, f32x4.mul(keep, v128.load(c, 16)));
    }
    v128.store(c, low);
    v128.store(c, high, 16);
    return;
  }
  v128.store(scratch, low);
  v128.store(scratch, high, 16);
  for (let i: usize = 0; i < (<usize>columns) << 2; i += 4) {
    const value = load<f32>(scratch + i);
    store<f32>(c + i, beta !== 0 ? value + beta * load<f32>(c + i) : value);
  }
}
