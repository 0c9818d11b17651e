import type { CsrMatrix } from '@towerkit/core';

import type { KnnOptions } from '../src/index.js';

/** Dense vectors of a matrix, repeated entries once, or summed where there are values. */
export function dense({ rows, cols, indptr, indices, values }: CsrMatrix): number[][] {
  const out = Array.from({ length: rows }, () => new Array<number>(cols).fill(0));
  for (let row = 0; row < rows; row++)
    for (let k = indptr[row]; k < indptr[row + 1]; k++)
      out[row][indices[k]] = values ? out[row][indices[k]] + values[k] : 1;
  return out;
}

/** Weights of dense vectors by the formulas of `implicit`; `extra` vectors are weighed but not counted. */
export function weigh(
  vectors: number[][],
  { similarity, k1 = 1.2, b = 0.75 }: KnnOptions,
  extra: number[][] = [],
) {
  const counts = vectors[0].map((_, feature) => vectors.filter((vector) => vector[feature] > 0).length);
  const sum = (vector: number[]) => vector.reduce((total, value) => total + value, 0);
  const mean = vectors.reduce((total, vector) => total + sum(vector), 0) / vectors.length;
  const weight = (vector: number[]) =>
    vector.map((v, feature) => {
      const idf = Math.log(vectors.length) - Math.log(1 + counts[feature]);
      if (v === 0) return 0;
      if (similarity === 'tf-idf') return Math.sqrt(v) * idf;
      if (similarity === 'bm25')
        return ((v * (k1 + 1)) / (k1 * (1 - b + (b * sum(vector)) / mean) + v)) * idf;
      return v;
    });
  return { weights: vectors.map(weight), extra: extra.map(weight) };
}

/** The similarity of dense weighted vectors, given the mean squared weight of an entry. */
export function naiveSimilarity(x: number[], y: number[], meanSquare: number, o: KnnOptions): number {
  const dot = (a: number[], c: number[]) => a.reduce((total, value, i) => total + value * c[i], 0);
  const [xy, xx, yy] = [dot(x, y), dot(x, x), dot(y, y)];
  const shrinkage = (o.shrinkage ?? 0) * meanSquare;
  if (xy === 0 || o.normalize === false) return xy;
  if (o.similarity === 'jaccard') return xy / (xx + yy - xy + shrinkage);
  return xy / (xx ** o.asymmetry! * yy ** (1 - o.asymmetry!) + shrinkage);
}

/** Mean square of the weights that are stored. */
export function meanSquare(raw: number[][], weights: number[][]): number {
  let [sum, count] = [0, 0];
  weights.forEach((row, r) =>
    row.forEach((weight, c) => {
      if (raw[r][c] === 0) return;
      sum += weight * weight;
      count++;
    }),
  );
  return sum / count;
}

/** [x][y] similarity of all vectors of a matrix. */
export function naiveSimilarities(vectors: CsrMatrix, options: KnnOptions): number[][] {
  const raw = dense(vectors);
  const { weights } = weigh(raw, options);
  const square = meanSquare(raw, weights);
  return weights.map((x) => weights.map((y) => naiveSimilarity(x, y, square, options)));
}
