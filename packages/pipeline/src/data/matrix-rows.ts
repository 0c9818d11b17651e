import { CsrMatrix, type Vocabulary } from '@towerkit/core';

/** Some rows of a matrix, without values, in the order asked for; one may be asked for several times. */
export const rowsAt = (matrix: CsrMatrix, rows: ArrayLike<number>): CsrMatrix =>
  CsrMatrix.fromRows(
    Array.from(rows, (row) => matrix.row(row)),
    matrix.cols,
  );

/** Id of each name in another vocabulary, -1 for none: [names]. */
export const idsIn = (names: readonly string[], other: Vocabulary): Int32Array =>
  Int32Array.from(names, (name) => other.indexOf(name) ?? -1);

/**
 * The same rows in other ids, without values; entries without an id are left out.
 *
 * @param ids of each column, -1 for none
 * @param cols how many ids there are
 */
export const inIds = (matrix: CsrMatrix, ids: Int32Array, cols: number): CsrMatrix =>
  CsrMatrix.fromRows(
    Array.from({ length: matrix.rows }, (_, row) =>
      matrix
        .row(row)
        .map((column) => ids[column])
        .filter((id) => id >= 0),
    ),
    cols,
  );

/**
 * Rows with what came between: for question q the row `rows[q]` of `known`, and behind it the items of `before(q)`, oldest first; -1
 * for one that is not known, which enters no row.
 */
export const rollingRows = (
  known: CsrMatrix,
  rows: readonly number[],
  before: (question: number) => Int32Array,
): CsrMatrix =>
  CsrMatrix.fromRows(
    rows.map((row, question) => [...known.row(row), ...before(question).filter((item) => item >= 0)]),
    known.cols,
  );
