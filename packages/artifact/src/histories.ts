import { CsrMatrix } from '@towerkit/core';

/** Rows of several matrices of one shape, end to end: earlier parts of a history, then later ones. */
export function concatRows(...parts: readonly CsrMatrix[]): CsrMatrix {
  const [{ rows, cols }] = parts;
  const indptr = new Int32Array(rows + 1);
  const indices = new Int32Array(parts.reduce((sum, part) => sum + part.entries, 0));
  let end = 0;
  for (let row = 0; row < rows; row++) {
    for (const part of parts) {
      const own = part.row(row);
      indices.set(own, end);
      end += own.length;
    }
    indptr[row + 1] = end;
  }
  return new CsrMatrix(rows, cols, indptr, indices);
}

/** Whole histories of an artifact's users, oldest first: training rows, then those held back. Users x items. */
export const fullHistories = ({
  histories,
  validation,
  test,
}: {
  readonly histories: CsrMatrix;
  readonly validation?: CsrMatrix;
  readonly test?: CsrMatrix;
}): CsrMatrix => concatRows(histories, ...(validation ? [validation] : []), ...(test ? [test] : []));
