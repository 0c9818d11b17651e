import { TowerkitError } from './errors.js';

/**
 * A dense row-major matrix of 32-bit floats: the form in which every package hands over vectors.
 *
 * @example
 * ```ts
 * const m = new Matrix(2, 3, Float32Array.of(1, 2, 3, 4, 5, 6));
 * m.row(1); // Float32Array [4, 5, 6], a view
 * ```
 */
export class Matrix {
  /**
   * @param rows number of rows, a non-negative integer
   * @param cols number of columns, a non-negative integer
   * @param data `rows * cols` values, row by row; zeros by default. Kept, not copied.
   * @throws TowerkitError `SHAPE_MISMATCH` when the sizes do not agree
   */
  constructor(
    readonly rows: number,
    readonly cols: number,
    readonly data: Float32Array = new Float32Array(rows * cols),
  ) {
    if (!Number.isSafeInteger(rows) || !Number.isSafeInteger(cols) || rows < 0 || cols < 0)
      throw new TowerkitError('SHAPE_MISMATCH', `a matrix cannot be ${rows} x ${cols}`);
    if (data.length !== rows * cols)
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `a ${rows} x ${cols} matrix needs ${rows * cols} values, got ${data.length}`,
      );
  }

  /** Row `i` as a view of shape [cols]: writing to it writes to the matrix. */
  row(i: number): Float32Array {
    return this.data.subarray(i * this.cols, (i + 1) * this.cols);
  }

  /** The given rows, copied, in the order given: shape [indices.length, cols]. */
  gather(indices: ArrayLike<number>): Matrix {
    const out = new Matrix(indices.length, this.cols);
    for (let i = 0; i < indices.length; i++) out.data.set(this.row(indices[i]), i * this.cols);
    return out;
  }
}
