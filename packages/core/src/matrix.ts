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
  /** Values, row by row, shape [rows * cols]. */
  readonly data: Float32Array;

  /**
   * @param rows number of rows, a non-negative integer
   * @param cols number of columns, a non-negative integer
   * @param data `rows * cols` values, row by row; zeros by default. Kept, not copied.
   * @throws TowerkitError `SHAPE_MISMATCH` when the sizes do not agree or the values are no Float32Array
   */
  constructor(
    readonly rows: number,
    readonly cols: number,
    data?: Float32Array,
  ) {
    if (!Number.isSafeInteger(rows) || !Number.isSafeInteger(cols) || rows < 0 || cols < 0)
      throw new TowerkitError('SHAPE_MISMATCH', `a matrix cannot be ${rows} x ${cols}`);
    this.data = data ?? new Float32Array(rows * cols);
    if (!(this.data instanceof Float32Array))
      throw new TowerkitError('SHAPE_MISMATCH', 'the values of a matrix must be a Float32Array');
    if (this.data.length !== rows * cols)
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `a ${rows} x ${cols} matrix needs ${rows * cols} values, got ${this.data.length}`,
      );
  }

  /** Row `i`, in [0, rows), as a view of shape [cols]: writing to it writes to the matrix. Unchecked. */
  row(i: number): Float32Array {
    return this.data.subarray(i * this.cols, (i + 1) * this.cols);
  }

  /**
   * The given rows, copied, in the order given: shape [indices.length, cols].
   *
   * @throws TowerkitError `OUT_OF_RANGE` for an index that is no row
   */
  gather(indices: ArrayLike<number>): Matrix {
    const out = new Matrix(indices.length, this.cols);
    for (let i = 0; i < indices.length; i++) {
      const row = indices[i];
      if (!(row >= 0 && row < this.rows && Number.isInteger(row)))
        throw new TowerkitError('OUT_OF_RANGE', `row ${row} is outside [0, ${this.rows})`, {
          details: { index: row, size: this.rows },
        });
      out.data.set(this.row(row), i * this.cols);
    }
    return out;
  }
}
