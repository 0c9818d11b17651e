import { Matrix, type CsrMatrix } from '@towerkit/core';

import { tokensOf } from '../words/tokens.js';
import type { FeatureTable } from '../words/feature-table.js';

/**
 * A tower over the words of a text: the sum of the vectors of its features, each times its weight, brought to a length of 1.
 * A text without a feature that it knows has a vector of zeros.
 */
export class BagTower {
  /** @param vectors shape [features, dimensions] */
  constructor(
    readonly features: FeatureTable,
    readonly vectors: Matrix,
  ) {}

  /** Components of a vector. */
  get dimensions(): number {
    return this.vectors.cols;
  }

  /** The vector of a text, shape [dimensions]. @param tokens of the text */
  encode(tokens: readonly string[]): Float32Array {
    const out = new Float32Array(this.dimensions);
    const { rows, weights } = this.features.read(tokens);
    addRows(this.vectors.data, rows, weights, 0, rows.length, out, 0, this.dimensions);
    return toLengthOne(out);
  }

  /** The vectors of many texts, shape [texts, dimensions]. */
  encodeAll(texts: readonly string[]): Matrix {
    return sumBags(this.features.bags(texts.map(tokensOf)), this.vectors, true);
  }
}

/** The sums of the rows of each bag, times their weights, shape [bags, dimensions]. @param unit whether each is brought to length 1 */
export function sumBags(
  { rows, indptr, indices, values }: CsrMatrix,
  vectors: Matrix,
  unit: boolean,
): Matrix {
  const out = new Matrix(rows, vectors.cols);
  for (let bag = 0; bag < rows; bag++) {
    addRows(vectors.data, indices, values!, indptr[bag], indptr[bag + 1], out.data, bag * out.cols, out.cols);
    if (unit) toLengthOne(out.row(bag));
  }
  return out;
}

/** Adds rows of a table, times their weights, to a place of `out`. */
export function addRows(
  table: Float32Array,
  rows: ArrayLike<number>,
  weights: ArrayLike<number>,
  from: number,
  to: number,
  out: Float32Array,
  place: number,
  dimensions: number,
): void {
  for (let at = from; at < to; at++) {
    addScaled(out, place, table, rows[at] * dimensions, weights[at], dimensions);
  }
}

/** to[place + d] += factor * from[start + d], four at a time: this is where the time goes. */
export function addScaled(
  to: Float32Array,
  place: number,
  from: Float32Array,
  start: number,
  factor: number,
  size: number,
): void {
  let d = 0;
  for (const whole = size - 3; d < whole; d += 4) {
    to[place + d] += factor * from[start + d];
    to[place + d + 1] += factor * from[start + d + 1];
    to[place + d + 2] += factor * from[start + d + 2];
    to[place + d + 3] += factor * from[start + d + 3];
  }
  for (; d < size; d++) to[place + d] += factor * from[start + d];
}

/** Brings a vector to a length of 1, in place; one of zeros stays. */
export function toLengthOne(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (sum > 0) {
    const factor = 1 / Math.sqrt(sum);
    for (let d = 0; d < vector.length; d++) vector[d] *= factor;
  }
  return vector;
}

/** A row times a matrix. @returns shape [matrix.cols] */
export function gemv(row: Float32Array, { rows, cols, data }: Matrix): Float32Array {
  const out = new Float32Array(cols);
  for (let k = 0; k < rows; k++) if (row[k] !== 0) addScaled(out, 0, data, k * cols, row[k], cols);
  return out;
}
