/**
 * Eigenvalues and eigenvectors of a symmetric matrix: Householder's tridiagonal form, then implicit QL (EISPACK's tred2
 * and tql2, as in Golub and Van Loan 8.3). In float64, on the calling thread.
 *
 * @param matrix shape [n * n]; its lower triangle is read
 * @returns values, shape [n], the largest first; vectors in the rows of an [n * n] matrix, each of length 1
 *
 * @example
 * ```ts
 * eigen(Float64Array.of(2, 1, 1, 2), 2).values; // 3 and 1
 * ```
 */
export function eigen(matrix: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const z = matrix.slice();
  const d = new Float64Array(n);
  const e = new Float64Array(n);
  tridiagonal(z, d, e, n);
  // Rotations act on pairs of columns; on the transpose they are rows, one after the other in memory.
  transpose(z, n);
  implicitQl(z, d, e, n);
  const order = Array.from(d, (_, i) => i).sort((i, j) => d[j] - d[i] || i - j);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => vectors.set(z.subarray(from * n, (from + 1) * n), to * n));
  return { values: Float64Array.from(order, (i) => d[i]), vectors };
}

function transpose(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const held = a[i * n + j];
      a[i * n + j] = a[j * n + i];
      a[j * n + i] = held;
    }
}

/** a becomes the orthogonal matrix of the transformation, d the diagonal, e[1..] what is beside it. */
function tridiagonal(a: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  for (let i = n - 1; i > 0; i--) {
    const row = i * n;
    let scale = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(a[row + k]);
    d[i] = 0;
    if (i === 1 || scale === 0) {
      e[i] = a[row + i - 1];
      continue;
    }
    let h = 0;
    for (let k = 0; k < i; k++) h += (a[row + k] /= scale) ** 2;
    const f = a[row + i - 1];
    const g = f >= 0 ? -Math.sqrt(h) : Math.sqrt(h);
    e[i] = scale * g;
    h -= f * g;
    a[row + i - 1] = f - g;
    e.fill(0, 0, i);
    for (let j = 0; j < i; j++) {
      const u = a[row + j];
      a[j * n + i] = u / h;
      let sum = e[j] + a[j * n + j] * u;
      for (let k = 0; k < j; k++) {
        sum += a[j * n + k] * a[row + k];
        e[k] += a[j * n + k] * u;
      }
      e[j] = sum;
    }
    let dot = 0;
    for (let j = 0; j < i; j++) dot += (e[j] /= h) * a[row + j];
    for (let j = 0; j < i; j++) {
      const u = a[row + j];
      const g = (e[j] -= (dot / (h + h)) * u);
      for (let k = 0; k <= j; k++) a[j * n + k] -= u * e[k] + g * a[row + k];
    }
    d[i] = h;
  }
  d[0] = e[0] = 0;
  const g = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    if (d[i] !== 0) {
      g.fill(0, 0, i);
      for (let k = 0; k < i; k++) for (let j = 0; j < i; j++) g[j] += a[i * n + k] * a[k * n + j];
      for (let k = 0; k < i; k++) for (let j = 0; j < i; j++) a[k * n + j] -= g[j] * a[k * n + i];
    }
    d[i] = a[i * n + i];
    a[i * n + i] = 1;
    for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j] = 0;
  }
}

function implicitQl(z: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  for (let l = 0; l < n; l++)
    for (let round = 0; round < 60; round++) {
      let m = l;
      for (; m < n - 1; m++) {
        const size = Math.abs(d[m]) + Math.abs(d[m + 1]);
        if (Math.abs(e[m]) <= Number.EPSILON * size) break;
      }
      if (m === l) break;
      let g = (d[l + 1] - d[l]) / (2 * e[l]);
      const r = Math.hypot(g, 1);
      g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
      let [s, c, p] = [1, 1, 0];
      let i = m - 1;
      for (; i >= l; i--) {
        const f = s * e[i];
        const b = c * e[i];
        const length = Math.hypot(f, g);
        e[i + 1] = length;
        if (length === 0) {
          d[i + 1] -= p;
          e[m] = 0;
          break;
        }
        s = f / length;
        c = g / length;
        g = d[i + 1] - p;
        const turn = (d[i] - g) * s + 2 * c * b;
        p = s * turn;
        d[i + 1] = g + p;
        g = c * turn - b;
        const [upper, lower] = [i * n, (i + 1) * n];
        for (let k = 0; k < n; k++) {
          const f = z[lower + k];
          z[lower + k] = s * z[upper + k] + c * f;
          z[upper + k] = c * z[upper + k] - s * f;
        }
      }
      if (i >= l) continue;
      d[l] -= p;
      e[l] = g;
      e[m] = 0;
    }
}
