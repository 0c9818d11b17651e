import type { Matrix, Recommendations } from '@towerkit/core';
import { topK } from '@towerkit/core';
import type { SavedModel } from '@towerkit/recommend';
import { dot } from '@towerkit/recommend';

import { toLengthOne } from '../tower/bag-tower.js';

/** Recommends by the vectors of products: those nearest to the mean of a history. */
export class SearchRecommender implements SavedModel {
  readonly kind = 'search';

  /** @param vectors of the products, [products, dimensions] */
  constructor(readonly vectors: Matrix) {}

  get items(): number {
    return this.vectors.rows;
  }

  score(histories: readonly ArrayLike<number>[], out: Float32Array): void {
    histories.forEach((history, row) => {
      const vector = this.meanOf(history);
      for (let item = 0; item < this.items; item++)
        out[row * this.items + item] = dot(vector, this.vectors.row(item));
    });
  }

  recommend(histories: readonly ArrayLike<number>[], k: number): Recommendations[] {
    const scores = new Float32Array(this.items);
    return histories.map((history) => {
      this.score([history], scores);
      return topK(scores, k, history);
    });
  }

  /** The mean of the vectors of a history at a length of 1; zeros for none. @param others rows beyond the products */
  meanOf(history: ArrayLike<number>, others?: Matrix): Float32Array {
    const sum = new Float32Array(this.vectors.cols);
    for (let at = 0; at < history.length; at++) {
      const item = history[at];
      const row = item < this.items ? this.vectors.row(item) : others?.row(item - this.items);
      row?.forEach((value, d) => (sum[d] += value));
    }
    return toLengthOne(sum);
  }
}
