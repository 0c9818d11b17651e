/** A pivot of this share of its diagonal is rounding alone. */
const DEPENDENT = 1e-7;

/**
 * The inverse of the Cholesky factor L of a Gram matrix, lower triangular: columns times its transpose are orthonormal. A
 * column that depends on those before it gets a row of zeros.
 *
 * @param gram X'X, shape [n * n], its lower triangle
 */
export function inverseFactor(gram: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = i * n;
    let pivot = gram[row + i];
    for (let j = 0; j < i; j++) {
      if (l[j * n + j] === 0) continue;
      let sum = gram[row + j];
      for (let k = 0; k < j; k++) sum -= l[row + k] * l[j * n + k];
      l[row + j] = sum / l[j * n + j];
      pivot -= l[row + j] ** 2;
    }
    if (!(pivot > DEPENDENT * gram[row + i])) {
      l.fill(0, row, row + i);
      continue;
    }
    l[row + i] = Math.sqrt(pivot);
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum += l[row + k] * inverse[k * n + j];
      inverse[row + j] = -sum / l[row + i];
    }
    inverse[row + i] = 1 / l[row + i];
  }
  return inverse;
}
