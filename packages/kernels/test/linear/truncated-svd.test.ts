import { expect, test } from '@jest/globals';
import { CsrMatrix, Rng } from '@towerkit/core';

import { eigen, KernelPool, svdWidth, truncatedSvd } from '../../src/internal.js';

async function svd(matrix: CsrMatrix, dimensions: number, threads = 1, seed = 5) {
  const pool = new KernelPool({ threads, scratch: 512 * svdWidth(dimensions) });
  try {
    return await truncatedSvd(pool, matrix, dimensions, new Rng(seed));
  } finally {
    await pool.close();
  }
}

/** A sparse matrix of which about `share` is there, as tall rows of small counts. */
function sparse(rng: Rng, rows: number, cols: number, share: number): CsrMatrix {
  const [r, c, v]: number[][] = [[], [], []];
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++)
      if (rng.uniform() < share * Math.exp(-j / cols)) {
        r.push(i);
        c.push(j);
        v.push(1 + rng.uniform());
      }
  return CsrMatrix.fromPairs(rows, cols, r, c, v);
}

/** The dense Gram matrix A'A in float64. */
function gramOf({ rows, cols, indptr, indices, values }: CsrMatrix): Float64Array {
  const dense = new Float64Array(rows * cols);
  for (let r = 0; r < rows; r++)
    for (let k = indptr[r]; k < indptr[r + 1]; k++) dense[r * cols + indices[k]] += values![k];
  const out = new Float64Array(cols * cols);
  for (let i = 0; i < cols; i++)
    for (let j = 0; j < cols; j++)
      for (let r = 0; r < rows; r++) out[i * cols + j] += dense[r * cols + i] * dense[r * cols + j];
  return out;
}

test.each([
  [90, 40, 8],
  [40, 90, 8],
  [300, 120, 30],
])('%i x %i: singular values and subspace of the dense decomposition', async (rows, cols, dimensions) => {
  const matrix = sparse(new Rng(rows), rows, cols, 0.2);
  const { vectors, values } = await svd(matrix, dimensions);
  const dense = eigen(gramOf(matrix), cols);
  expect(vectors.cols).toBe(dimensions);
  for (let i = 0; i < dimensions; i++) {
    const exact = Math.sqrt(dense.values[i]);
    // Values at the cut, of vectors that are hard to tell from those beyond it, come last.
    expect(Math.abs(values[i] / exact - 1)).toBeLessThan(i < dimensions / 4 ? 1e-4 : 3e-3);
  }
  for (let i = 0; i < dimensions; i++)
    for (let j = 0; j <= i; j++) {
      let dot = 0;
      for (let r = 0; r < cols; r++) dot += vectors.row(r)[i] * vectors.row(r)[j];
      expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-4);
    }
  // The exact leading vectors lie in the subspace, save those beside the cut.
  for (let i = 0; i < dimensions - 3; i++) {
    let inside = 0;
    for (let c = 0; c < dimensions; c++) {
      let dot = 0;
      for (let r = 0; r < cols; r++) dot += vectors.row(r)[c] * dense.vectors[i * cols + r];
      inside += dot * dot;
    }
    expect(inside).toBeGreaterThan(0.99);
  }
});

test('a matrix of lower rank has as many directions as its rank', async () => {
  const rng = new Rng(3);
  const base = sparse(rng, 4, 50, 0.4);
  const [r, c, v]: number[][] = [[], [], []];
  for (let row = 0; row < 60; row++)
    for (let k = base.indptr[row % 4]; k < base.indptr[(row % 4) + 1]; k++) {
      r.push(row);
      c.push(base.indices[k]);
      v.push((1 + (row >> 2)) * base.values![k]);
    }
  const { vectors, values } = await svd(CsrMatrix.fromPairs(60, 50, r, c, v), 10);
  expect(vectors.cols).toBe(4);
  expect(values).toHaveLength(4);
  expect(values.every((value) => value > 0)).toBe(true);
});

test('any number of threads gives the same bits, another seed the same subspace', async () => {
  const matrix = sparse(new Rng(8), 1500, 200, 0.05);
  const one = await svd(matrix, 12, 1);
  const two = await svd(matrix, 12, 2);
  expect(two.vectors.data).toEqual(one.vectors.data);
  expect(two.values).toEqual(one.values);
  const other = await svd(matrix, 12, 2, 6);
  expect(other.vectors.data).not.toEqual(one.vectors.data);
  other.values.forEach((value, i) => expect(Math.abs(value / one.values[i] - 1)).toBeLessThan(0.02));
});

test('signs are settled: the largest entry of each vector is positive', async () => {
  const { vectors } = await svd(sparse(new Rng(4), 80, 30, 0.3), 6);
  for (let c = 0; c < vectors.cols; c++) {
    const column = Array.from({ length: vectors.rows }, (_, r) => vectors.row(r)[c]);
    expect(Math.max(...column)).toBe(Math.max(...column.map(Math.abs)));
  }
});
