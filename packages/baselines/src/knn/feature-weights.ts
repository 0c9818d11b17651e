import type { CsrMatrix } from '@towerkit/core';

/** How a value and what is known of its vector and its feature become a weight. */
export type Weighting = 'none' | 'tf-idf' | 'bm25';

/** Constants of BM25: how soon a value saturates, and how much long vectors are held against themselves. */
export interface Bm25Options {
  readonly k1: number;
  readonly b: number;
}

/**
 * Weights of vectors over features, learned from a matrix of them: the formulas of the Python package `implicit`, with
 * N vectors, df of them with a feature, and the length of a vector the sum of its values:
 * - none: v
 * - tf-idf: sqrt(v) * idf, idf = ln N - ln(1 + df)
 * - bm25: v (k1 + 1) / (k1 (1 - b + b length / mean length) + v) * idf
 */
export class FeatureWeights {
  readonly #idf: Float64Array;
  readonly #meanLength: number;
  readonly #k1: number;
  readonly #b: number;

  /** @param vectors a vector a row, a feature a column, each entry once */
  constructor(
    readonly weighting: Weighting,
    { k1, b }: Bm25Options,
    vectors: CsrMatrix,
  ) {
    this.#k1 = k1;
    this.#b = b;
    this.#idf = new Float64Array(vectors.cols).fill(1);
    if (weighting !== 'none')
      vectors
        .columnCounts()
        .forEach((count, feature) => (this.#idf[feature] = Math.log(vectors.rows) - Math.log1p(count)));
    let sum = vectors.values ? 0 : vectors.entries;
    for (const value of vectors.values ?? []) sum += value;
    this.#meanLength = vectors.rows === 0 || sum === 0 ? 1 : sum / vectors.rows;
  }

  /** Weights of one vector's entries into `out`; returns its Euclidean norm. */
  weigh(features: ArrayLike<number>, values: ArrayLike<number> | undefined, out: Float64Array): number {
    let length = values ? 0 : features.length;
    if (values) for (let i = 0; i < features.length; i++) length += values[i];
    const saturation = this.#k1 * (1 - this.#b + (this.#b * length) / this.#meanLength);
    let squares = 0;
    for (let i = 0; i < features.length; i++) {
      const value = values ? values[i] : 1;
      let weight = value;
      if (this.weighting === 'tf-idf') weight = Math.sqrt(value) * this.#idf[features[i]];
      else if (this.weighting === 'bm25')
        weight = ((value * (this.#k1 + 1)) / (saturation + value)) * this.#idf[features[i]];
      out[i] = weight;
      squares += weight * weight;
    }
    return Math.sqrt(squares);
  }

  /** Weights of every entry of a matrix of vectors, shape [entries], and each vector's norm, shape [rows]. */
  weighAll({ rows, indptr, indices, values }: CsrMatrix): { weights: Float64Array; norms: Float64Array } {
    const weights = new Float64Array(indices.length);
    const norms = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      const [from, to] = [indptr[row], indptr[row + 1]];
      norms[row] = this.weigh(
        indices.subarray(from, to),
        values?.subarray(from, to),
        weights.subarray(from, to),
      );
    }
    return { weights, norms };
  }
}
