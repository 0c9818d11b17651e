import type { CsrMatrix, Matrix } from '@towerkit/core';

/** Factors of every row of `matrix` against fixed ones: the normal equations of Hu et al. as they stand, in float64. */
export function solveRows(
  matrix: CsrMatrix,
  fixed: Matrix,
  { alpha, lambda, w0 = 1 }: { alpha: number; lambda: (row: number) => number; w0?: number },
): Float64Array {
  const { cols: f, data: y } = fixed;
  const gram = new Float64Array(f * f);
  for (let i = 0; i < fixed.rows; i++)
    for (let a = 0; a < f; a++)
      for (let b = 0; b < f; b++) gram[a * f + b] += w0 * y[i * f + a] * y[i * f + b];
  const out = new Float64Array(matrix.rows * f);
  for (let row = 0; row < matrix.rows; row++) {
    const gains = new Map<number, number>();
    for (let k = matrix.indptr[row]; k < matrix.indptr[row + 1]; k++) {
      const gain = alpha * (matrix.values?.[k] ?? 1);
      gains.set(matrix.indices[k], (gains.get(matrix.indices[k]) ?? 0) + gain);
    }
    const a = gram.slice();
    const b = new Float64Array(f);
    for (let i = 0; i < f; i++) a[i * f + i] += lambda(row);
    for (const [column, gain] of gains) {
      if (gain === 0) continue;
      for (let i = 0; i < f; i++) {
        const v = y[column * f + i];
        b[i] += (w0 + gain) * v;
        for (let j = 0; j < f; j++) a[i * f + j] += gain * v * y[column * f + j];
      }
    }
    out.set(gaussian(a, b, f), row * f);
  }
  return out;
}

/** x of a x = b, by elimination; both are overwritten. */
export function gaussian(a: Float64Array, b: Float64Array, n: number): Float64Array {
  for (let i = 0; i < n; i++)
    for (let row = i + 1; row < n; row++) {
      const factor = a[row * n + i] / a[i * n + i];
      for (let j = i; j < n; j++) a[row * n + j] -= factor * a[i * n + j];
      b[row] -= factor * b[i];
    }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) b[i] -= a[i * n + j] * b[j];
    b[i] /= a[i * n + i];
  }
  return b;
}

/** Lambda of each row of `some`: as its confidence^exponent, scaled so that the mean over both sides of `matrix` is `regularization`. */
export function lambdas(
  some: CsrMatrix,
  matrix: CsrMatrix,
  {
    alpha,
    regularization,
    exponent,
    w0 = 1,
  }: { alpha: number; regularization: number; exponent: number; w0?: number },
): (row: number) => number {
  const powers = ({ rows, cols, indptr, values }: CsrMatrix) =>
    Array.from({ length: rows }, (_, row) => {
      let confidence = w0 * cols;
      for (let k = indptr[row]; k < indptr[row + 1]; k++) confidence += alpha * (values?.[k] ?? 1);
      return confidence ** exponent;
    });
  const all = [...powers(matrix), ...powers(matrix.transpose())];
  const scale = (regularization * all.length) / all.reduce((sum, power) => sum + power, 0);
  const own = powers(some);
  return (row) => scale * own[row];
}

/** The loss by going over every pair of a user and an item. */
export function denseLoss(
  matrix: CsrMatrix,
  users: Matrix,
  items: Matrix,
  { alpha, lambda, w0 = 1 }: { alpha: number; lambda: number; w0?: number },
): number {
  let total = 0;
  for (let u = 0; u < users.rows; u++) {
    const gains = new Float64Array(items.rows);
    for (let k = matrix.indptr[u]; k < matrix.indptr[u + 1]; k++)
      gains[matrix.indices[k]] += alpha * (matrix.values?.[k] ?? 1);
    for (let i = 0; i < items.rows; i++) {
      let score = 0;
      for (let a = 0; a < users.cols; a++) score += users.row(u)[a] * items.row(i)[a];
      total += (w0 + gains[i]) * ((gains[i] > 0 ? 1 : 0) - score) ** 2;
    }
  }
  for (const { data } of [users, items]) for (const value of data) total += lambda * value * value;
  return total;
}

/** The largest difference, relative to the largest entry of what was wanted. */
export function distance(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let [difference, largest] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    difference = Math.max(difference, Math.abs(got[i] - wanted[i]));
    largest = Math.max(largest, Math.abs(wanted[i]));
  }
  return difference / largest;
}
