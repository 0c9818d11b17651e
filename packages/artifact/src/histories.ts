import { CsrMatrix } from '@towerkit/core';

/** Rows of several matrices of one shape, end to end: earlier parts of a history, then later ones; with values where all have some. */
export function concatRows(...parts: readonly CsrMatrix[]): CsrMatrix {
  const [{ rows, cols }] = parts;
  const entries = parts.reduce((sum, part) => sum + part.entries, 0);
  const indptr = new Int32Array(rows + 1);
  const indices = new Int32Array(entries);
  const values = parts.every((part) => part.values) ? new Float32Array(entries) : undefined;
  let end = 0;
  for (let row = 0; row < rows; row++) {
    for (const part of parts) {
      const [from, to] = [part.indptr[row], part.indptr[row + 1]];
      indices.set(part.indices.subarray(from, to), end);
      values?.set(part.values!.subarray(from, to), end);
      end += to - from;
    }
    indptr[row + 1] = end;
  }
  return new CsrMatrix(rows, cols, indptr, indices, values);
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
