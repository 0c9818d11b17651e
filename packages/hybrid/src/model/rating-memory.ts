import type { CsrMatrix, Matrix } from '@towerkit/core';

/** How much of what somebody rated before goes into what they will rate. */
export interface MemoryWeights {
  /** Ratings as the product deserves that everybody is given beside their own, above 0. */
  readonly regularization: number;
  /** What a product of the very same text weighs beside 1. */
  readonly similarity: number;
}

/** What the user + item bias of {@link Bias} amounts to. */
export const PLAIN_MEMORY: MemoryWeights = { regularization: 15, similarity: 0 };

const REGULARIZATIONS = [1, 2, 4, 8, 15];
const SIMILARITIES = [0, 2, 8];
/** Only close neighbors should count: a power of the cosine. */
const SHARPNESS = 4;

/** Values that {@link TextNeighbors} keeps: 64 MiB. */
const KEPT = 2 ** 24;

/** How alike products are by their texts, in [0, 1]; rows are computed as they are needed, and the latest are kept. */
export class TextNeighbors {
  readonly #rows = new Map<number, Float32Array>();

  /** @param texts vectors of length 1 or 0, [items, dimensions] */
  constructor(readonly texts: Matrix) {}

  /** [items] */
  of(item: number): Float32Array {
    const kept = this.#rows.get(item);
    if (kept) return kept;
    const own = this.texts.row(item);
    const row = new Float32Array(this.texts.rows);
    for (let other = 0; other < row.length; other++) {
      const theirs = this.texts.row(other);
      let cosine = 0;
      for (let c = 0; c < own.length; c++) cosine += own[c] * theirs[c];
      row[other] = Math.max(0, cosine) ** SHARPNESS;
    }
    row[item] = 1;
    if (this.#rows.size * row.length >= KEPT) this.#rows.delete(this.#rows.keys().next().value!);
    this.#rows.set(item, row);
    return row;
  }
}

/** Something rated before: the item, and how much more it got than mean + item bias. */
export interface Remembered {
  readonly item: number;
  readonly residual: number;
}

/**
 * What somebody's earlier ratings add to mean + item bias: their surplus, a mean shrunk towards 0 in which products like
 * the one asked about weigh more.
 *
 *     sum_e w_e r_e / (regularization + sum_e w_e),   w_e = 1 + similarity * max(0, cos(text_e, text_i))^4
 *
 * Without similarity it is the user bias of Koren 2010.
 */
export function recalled(
  before: readonly Remembered[],
  item: number,
  { regularization, similarity }: MemoryWeights,
  neighbors: TextNeighbors,
): number {
  let [sum, total] = [0, regularization];
  for (const { item: other, residual } of before) {
    const weight = 1 + (similarity > 0 ? similarity * neighbors.of(other)[item] : 0);
    sum += weight * residual;
    total += weight;
  }
  return sum / total;
}

/** {@link recalled} for many items, a pass for each of the earlier ratings. */
export function recalledOf(
  before: readonly Remembered[],
  items: ArrayLike<number>,
  { regularization, similarity }: MemoryWeights,
  neighbors: TextNeighbors,
): Float64Array {
  const sums = new Float64Array(items.length);
  const totals = new Float64Array(items.length).fill(regularization);
  for (const { item: other, residual } of before) {
    const alike = similarity > 0 ? neighbors.of(other) : undefined;
    for (let place = 0; place < items.length; place++) {
      const weight = alike ? 1 + similarity * alike[items[place]] : 1;
      sums[place] += weight * residual;
      totals[place] += weight;
    }
  }
  return sums.map((sum, place) => sum / totals[place]);
}

/**
 * The weights that would have foretold the training rows best, each from the rows before it: nothing is held back for it,
 * and nothing looks ahead.
 *
 * @param before earlier places of each row's user
 * @param items item of each row
 * @param residuals rating of each row beyond mean + item bias
 * @param loose the same beyond an item bias that has not seen the row itself
 */
export function chooseMemory(
  before: CsrMatrix,
  items: Int32Array,
  residuals: Float32Array,
  loose: Float32Array,
  neighbors: TextNeighbors,
): MemoryWeights {
  const rows = Array.from(items.keys()).filter((row) => before.indptr[row + 1] > before.indptr[row]);
  const memories = rows.map((row) =>
    Array.from(before.row(row), (place): Remembered => ({ item: items[place], residual: residuals[place] })),
  );
  let [best, least] = [PLAIN_MEMORY, Infinity];
  for (const regularization of REGULARIZATIONS)
    for (const similarity of SIMILARITIES) {
      const weights = { regularization, similarity };
      let error = 0;
      rows.forEach((row, k) => {
        error += (loose[row] - recalled(memories[k], items[row], weights, neighbors)) ** 2;
      });
      if (error < least) [best, least] = [weights, error];
    }
  return best;
}
