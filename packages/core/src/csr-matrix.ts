import { TowerkitError } from './errors.js';

/**
 * A sparse matrix in compressed-sparse-row form: the entries of row `r` are at positions
 * `indptr[r] .. indptr[r + 1]` of `indices` (columns) and `values`.
 *
 * Rows may hold their entries in any order (a history keeps time order); nothing here sorts or merges them.
 */
export class CsrMatrix {
  /**
   * @param rows number of rows
   * @param cols number of columns
   * @param indptr row boundaries, shape [rows + 1], non-decreasing, from 0 to the number of entries
   * @param indices column of each entry, shape [entries], each in [0, cols)
   * @param values value of each entry, shape [entries]; absent means 1 everywhere
   * @throws TowerkitError `BAD_CSR` naming the first offending row
   */
  constructor(
    readonly rows: number,
    readonly cols: number,
    readonly indptr: Int32Array,
    readonly indices: Int32Array,
    readonly values?: Float32Array,
  ) {
    checkSizes(rows, cols);
    if (indptr.length !== rows + 1 || indptr[0] !== 0 || indptr[rows] !== indices.length)
      throw new TowerkitError(
        'BAD_CSR',
        `indptr must hold ${rows + 1} boundaries from 0 to ${indices.length}`,
      );
    if (values !== undefined && values.length !== indices.length)
      throw new TowerkitError('BAD_CSR', `${indices.length} indices but ${values.length} values`);
    for (let row = 0; row < rows; row++)
      if (indptr[row + 1] < indptr[row])
        throw new TowerkitError('BAD_CSR', `row ${row}: its end comes before its start`, {
          details: { row },
        });
    for (let row = 0; row < rows; row++)
      for (let k = indptr[row]; k < indptr[row + 1]; k++)
        if (indices[k] < 0 || indices[k] >= cols) throw outside(row, indices[k], cols);
  }

  /** Number of stored entries. */
  get entries(): number {
    return this.indices.length;
  }

  /** Columns of row `r`, a view. */
  row(r: number): Int32Array {
    return this.indices.subarray(this.indptr[r], this.indptr[r + 1]);
  }

  /** Number of entries per column, shape [cols]. */
  columnCounts(): Int32Array {
    const counts = new Int32Array(this.cols);
    for (const column of this.indices) counts[column]++;
    return counts;
  }

  /** The transpose, a copy, in O(entries); entries of a row come in order of the original row. */
  transpose(): CsrMatrix {
    const indptr = new Int32Array(this.cols + 1);
    for (const column of this.indices) indptr[column + 1]++;
    for (let c = 0; c < this.cols; c++) indptr[c + 1] += indptr[c];
    const next = indptr.slice(0, this.cols);
    const indices = new Int32Array(this.entries);
    const values = this.values && new Float32Array(this.entries);
    for (let row = 0; row < this.rows; row++)
      for (let k = this.indptr[row]; k < this.indptr[row + 1]; k++) {
        const place = next[this.indices[k]]++;
        indices[place] = row;
        if (values) values[place] = this.values![k];
      }
    return new CsrMatrix(this.cols, this.rows, indptr, indices, values);
  }

  /**
   * Puts lists one below the other, one row each, such as histories; entries keep their order.
   *
   * @param rows columns of each row's entries, shape [rows] of [n]
   * @param cols number of columns
   * @param values value of each entry, in the same shape; absent means 1 everywhere
   * @throws TowerkitError `BAD_CSR` naming the first row with a column outside [0, cols) or another number of values
   *
   * @example
   * ```ts
   * const histories = CsrMatrix.fromRows([[2, 0], [], [1]], 3);
   * histories.row(0); // Int32Array [2, 0]
   * CsrMatrix.fromRows([[2, 0]], 3, [[5, 3.5]]).values; // Float32Array [5, 3.5]
   * ```
   */
  static fromRows(
    rows: readonly ArrayLike<number>[],
    cols: number,
    values?: readonly ArrayLike<number>[],
  ): CsrMatrix {
    checkSizes(rows.length, cols);
    if (values !== undefined && values.length !== rows.length)
      throw new TowerkitError('BAD_CSR', `${rows.length} rows but values of ${values.length}`);
    const indptr = new Int32Array(rows.length + 1);
    for (let r = 0; r < rows.length; r++) {
      if (values !== undefined && values[r].length !== rows[r].length)
        throw new TowerkitError(
          'BAD_CSR',
          `row ${r}: ${rows[r].length} columns but ${values[r].length} values`,
          { details: { row: r } },
        );
      indptr[r + 1] = indptr[r] + rows[r].length;
    }
    const indices = new Int32Array(indptr[rows.length]);
    const out = values && new Float32Array(indices.length);
    for (let r = 0; r < rows.length; r++) {
      const row = rows[r];
      for (let k = 0; k < row.length; k++) {
        if (!isIndex(row[k], cols)) throw outside(r, row[k], cols);
        indices[indptr[r] + k] = row[k];
      }
      out?.set(values![r], indptr[r]);
    }
    return new CsrMatrix(rows.length, cols, indptr, indices, out);
  }

  /**
   * Groups pairs by row in O(entries), keeping their order within a row.
   *
   * @param rows number of rows
   * @param cols number of columns
   * @param rowOf row of each entry, shape [entries]
   * @param columnOf column of each entry, shape [entries]
   * @param values value of each entry, shape [entries]
   * @throws TowerkitError `BAD_CSR` naming the first entry that is outside
   */
  static fromPairs(
    rows: number,
    cols: number,
    rowOf: ArrayLike<number>,
    columnOf: ArrayLike<number>,
    values?: ArrayLike<number>,
  ): CsrMatrix {
    checkSizes(rows, cols);
    const entries = rowOf.length;
    if (columnOf.length !== entries || (values !== undefined && values.length !== entries))
      throw new TowerkitError('BAD_CSR', 'rows, columns and values must have the same length');
    const indptr = new Int32Array(rows + 1);
    for (let k = 0; k < entries; k++) {
      if (!isIndex(rowOf[k], rows))
        throw new TowerkitError('BAD_CSR', `entry ${k}: row ${rowOf[k]} is outside [0, ${rows})`, {
          details: { entry: k, row: rowOf[k] },
        });
      if (!isIndex(columnOf[k], cols))
        throw new TowerkitError('BAD_CSR', `entry ${k}: column ${columnOf[k]} is outside [0, ${cols})`, {
          details: { entry: k, column: columnOf[k] },
        });
      indptr[rowOf[k] + 1]++;
    }
    for (let r = 0; r < rows; r++) indptr[r + 1] += indptr[r];
    const next = indptr.slice(0, rows);
    const indices = new Int32Array(entries);
    const out = values && new Float32Array(entries);
    for (let k = 0; k < entries; k++) {
      const place = next[rowOf[k]]++;
      indices[place] = columnOf[k];
      if (out) out[place] = values![k];
    }
    return new CsrMatrix(rows, cols, indptr, indices, out);
  }
}

const isIndex = (value: number, size: number) => value >= 0 && value < size && Number.isInteger(value);

const outside = (row: number, column: number, cols: number) =>
  new TowerkitError('BAD_CSR', `row ${row}: column ${column} is outside [0, ${cols})`, {
    details: { row, column },
  });

/** Row and column numbers are stored in 32 bits. */
function checkSizes(rows: number, cols: number): void {
  const limit = 2 ** 31;
  if (!isIndex(rows, limit) || !isIndex(cols, limit))
    throw new TowerkitError('BAD_CSR', `a sparse matrix cannot be ${rows} x ${cols}`);
}
