import { CsrMatrix, Matrix, type Rng } from '@towerkit/core';

/** A matrix whose rows and columns are of very different lengths, with entries that come twice. */
export function skewed(rng: Rng, rows: number, cols: number, entries: number): CsrMatrix {
  const draw = (bound: number) =>
    Int32Array.from({ length: entries }, () => Math.floor(bound * rng.uniform() ** 2.5));
  return CsrMatrix.fromPairs(rows, cols, draw(rows), draw(cols));
}

/** Ratings 1 to 5 on a matrix' entries. */
export const rated = ({ rows, cols, indptr, indices }: CsrMatrix, rng: Rng): CsrMatrix =>
  new CsrMatrix(
    rows,
    cols,
    indptr,
    indices,
    Float32Array.from(indices, () => 1 + rng.integer(5)),
  );

/** Normal vectors. */
export const normals = (rng: Rng, rows: number, cols: number, scale = 0.1): Matrix =>
  new Matrix(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, () => scale * rng.normal()),
  );
