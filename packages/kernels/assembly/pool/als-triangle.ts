import { tile } from './gemm';

/** Which part of a packed matrix `times` takes: all of it, up to the diagonal, or from it on. */
export const WHOLE: i32 = 0;
export const LEADING: i32 = 1;
export const TRAILING: i32 = 2;

/** out = x times a packed matrix [width, width]; of column j, the first j + 1 or the last width - j values may suffice. */
export function times(x: usize, rows: i32, width: i32, packed: usize, part: i32, out: usize): void {
  const stride = (<usize>width) << 2;
  for (let column = 0; column < width; column += 8) {
    const from = part === TRAILING ? column : 0;
    const to = part === LEADING ? column + 8 : width;
    for (let row = 0; row < rows; row += 4)
      tile(
        min(4, rows - row),
        8,
        to - from,
        1,
        x + <usize>row * stride + ((<usize>from) << 2),
        stride,
        packed + <usize>column * stride + <usize>from * 32,
        0,
        out + <usize>row * stride + ((<usize>column) << 2),
        stride,
        0,
      );
  }
}
