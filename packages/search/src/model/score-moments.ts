import type { Matrix } from '@towerkit/core';

/**
 * Mean and deviation of the products of a vector with all vectors of a catalog, without computing the products: the mean of
 * q.v is q.mean(v), that of (q.v)^2 is q'Sq with S the mean of vv'.
 */
export class ScoreMoments {
  readonly #mean: Float64Array;
  readonly #second: Float64Array;

  /** @param vectors shape [items, dimensions]. Takes items * dimensions^2 / 2 multiplications */
  constructor({ rows, cols, data }: Matrix) {
    this.#mean = new Float64Array(cols);
    this.#second = new Float64Array(cols * cols);
    const second = new Float64Array(cols * cols);
    // A sample of the rows is as good: what is wanted is a scale.
    const step = Math.max(1, Math.floor(rows / SAMPLE));
    let count = 0;
    for (let row = 0; row < rows; row += step, count++) {
      const start = row * cols;
      for (let i = 0; i < cols; i++) {
        const value = data[start + i];
        this.#mean[i] += value;
        for (let j = i; j < cols; j++) second[i * cols + j] += value * data[start + j];
      }
    }
    const share = 1 / Math.max(1, count);
    for (let i = 0; i < cols; i++) {
      this.#mean[i] *= share;
      for (let j = i; j < cols; j++)
        this.#second[i * cols + j] = this.#second[j * cols + i] = second[i * cols + j] * share;
    }
  }

  /** Of the products with one vector. */
  of(query: Float32Array): Moments {
    const size = query.length;
    let mean = 0;
    let square = 0;
    for (let i = 0; i < size; i++) {
      mean += query[i] * this.#mean[i];
      let sum = 0;
      for (let j = 0; j < size; j++) sum += this.#second[i * size + j] * query[j];
      square += query[i] * sum;
    }
    return { mean, deviation: deviationOf(mean, square) };
  }
}

/** Vectors that the moments are taken of, at most. */
const SAMPLE = 4_096;

/** Mean and standard deviation of the scores of all items for a query. */
export interface Moments {
  readonly mean: number;
  readonly deviation: number;
}

/** A score as its distance from the mean in deviations; 0 where all scores are alike. */
export const standardized = (score: number, { mean, deviation }: Moments): number =>
  deviation > 0 ? (score - mean) / deviation : 0;

/** Moments of scores of which only some are not zero. @param size of all */
export function momentsOf(
  scores: Float32Array,
  found: ArrayLike<number>,
  count: number,
  size: number,
): Moments {
  let sum = 0;
  let squares = 0;
  for (let at = 0; at < count; at++) {
    const score = scores[found[at]];
    sum += score;
    squares += score * score;
  }
  const mean = sum / Math.max(1, size);
  return { mean, deviation: deviationOf(mean, squares / Math.max(1, size)) };
}

function deviationOf(mean: number, square: number): number {
  const variance = square - mean * mean;
  return variance > 1e-12 ? Math.sqrt(variance) : 0;
}
