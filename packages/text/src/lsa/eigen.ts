/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan 8.5), the largest
 * value first.
 *
 * @param matrix shape [n * n]
 * @returns values, shape [n]; vectors in the rows of an [n * n] matrix
 */
export function eigen(matrix: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice();
  const v = new Float64Array(n * n);
  let square = 0;
  for (const value of a) square += value * value;
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) off += a[i * n + j] ** 2;
    if (off <= 1e-30 * square) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * n + j] - a[i * n + i] || i - j);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => vectors.set(v.subarray(from * n, (from + 1) * n), to * n));
  return { values: Float64Array.from(order, (i) => a[i * n + i]), vectors };
}

/** Makes a[p, q] zero: a <- J' a J, v <- J' v. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const [P, Q] = [p * n, q * n];
  const apq = a[P + q];
  if (apq === 0) return;
  const theta = (a[Q + q] - a[P + p]) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const [x, y] = [a[P + k], a[Q + k]];
    a[P + k] = c * x - s * y;
    a[Q + k] = s * x + c * y;
    const [f, g] = [v[P + k], v[Q + k]];
    v[P + k] = c * f - s * g;
    v[Q + k] = s * f + c * g;
  }
  for (let k = 0; k < n; k++) {
    const row = k * n;
    const [x, y] = [a[row + p], a[row + q]];
    a[row + p] = c * x - s * y;
    a[row + q] = s * x + c * y;
  }
}
