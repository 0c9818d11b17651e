import { CsrMatrix } from '@towerkit/core';

import { BestFew } from './best-few.js';
import type { Similarity } from './similarity.js';

/**
 * Finds the fitted users most similar to a history, over an inverted index: the cost of a history is that of the users
 * who share its items. Buffers are used again from one history to the next.
 */
export class UserNeighbors {
  readonly #byItem: CsrMatrix;
  readonly #parts: Float64Array;
  readonly #products: Float64Array;
  readonly #seenIn: Int32Array;
  readonly #touched: Int32Array;
  #search = 0;
  /** Distinct items of the history last searched for; their number is {@link length}. */
  readonly items: Int32Array;
  length = 0;
  /** Their weights. */
  readonly weights: Float64Array;
  /** The part of the history's norm in every denominator. */
  part = 0;
  /** Users and similarities, in no order. */
  readonly best: BestFew;

  constructor(
    readonly vectors: CsrMatrix,
    readonly similarity: Similarity,
    neighbors: number,
  ) {
    const { rows, cols, indptr, indices } = vectors;
    const weights = Float32Array.from(similarity.entries);
    this.#byItem = new CsrMatrix(rows, cols, indptr, indices, weights).transpose();
    this.#parts = similarity.parts('y');
    this.#products = new Float64Array(rows);
    this.#seenIn = new Int32Array(rows);
    this.#touched = new Int32Array(rows);
    this.items = new Int32Array(cols);
    this.weights = new Float64Array(cols);
    this.best = new BestFew(Math.min(neighbors, rows));
  }

  /**
   * Fills {@link best} with the users nearest to `history`, each of its items counted once.
   *
   * @param without a user who is left out, -1 for none
   */
  find(history: ArrayLike<number>, without: number): void {
    this.#weigh(history);
    const { indptr, indices, values } = this.#byItem;
    const [products, seenIn, touched] = [this.#products, this.#seenIn, this.#touched];
    const search = ++this.#search;
    let count = 0;
    for (let i = 0; i < this.length; i++) {
      const weight = this.weights[i];
      for (let k = indptr[this.items[i]]; k < indptr[this.items[i] + 1]; k++) {
        const user = indices[k];
        if (seenIn[user] !== search) {
          seenIn[user] = search;
          products[user] = 0;
          touched[count++] = user;
        }
        products[user] += weight * values![k];
      }
    }
    this.best.clear();
    for (let t = 0; t < count; t++) {
      const user = touched[t];
      if (user === without) continue;
      const value = products[user] / this.denominator(user);
      if (value > 0) this.best.offer(user, value);
    }
  }

  /** What the product of the history and a user it shares items with was divided by. */
  denominator(user: number): number {
    return this.similarity.denominator(this.#products[user], this.part, this.#parts[user]);
  }

  #weigh(history: ArrayLike<number>): void {
    const items = Int32Array.from(history).sort();
    this.length = 0;
    for (let i = 0; i < items.length; i++)
      if (i === 0 || items[i] !== items[i - 1]) this.items[this.length++] = items[i];
    const norm = this.similarity.weights.weigh(this.items.subarray(0, this.length), undefined, this.weights);
    this.part = this.similarity.part(norm, 'x');
  }
}
