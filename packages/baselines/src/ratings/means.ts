import type { CsrMatrix } from '@towerkit/core';

import { checkPairs, checkScale, clip, fittedOr, ratingData } from './rating-data.js';
import type { RatingOptions, RatingPredictor } from './rating-predictor.js';

/** Mean rating of each row, shape [rows]; NaN for a row without ratings. */
export function rowMeans({ rows, indptr, values }: CsrMatrix): Float64Array {
  const means = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let k = indptr[row]; k < indptr[row + 1]; k++) sum += values![k];
    means[row] = sum / (indptr[row + 1] - indptr[row]);
  }
  return means;
}

interface FittedMeans {
  readonly rows: number;
  readonly cols: number;
  readonly mean: number;
  readonly scale: readonly [number, number];
  /** Of each user or item, NaN for one without ratings. */
  readonly means: Float64Array;
}

abstract class MeanPredictor implements RatingPredictor {
  #fitted: FittedMeans | undefined;
  readonly #scale: RatingOptions['scale'];

  /** @throws TowerkitError `BAD_OPTION` */
  constructor({ scale }: RatingOptions = {}) {
    checkScale(scale);
    this.#scale = scale;
  }

  fit(ratings: CsrMatrix): void {
    const { mean, scale } = ratingData(ratings, this.#scale);
    const { rows, cols } = ratings;
    this.#fitted = { rows, cols, mean, scale, means: this.meansOf(ratings) };
  }

  predict(users: ArrayLike<number>, items: ArrayLike<number>): Float32Array {
    const { means, mean, scale, ...size } = fittedOr(this.constructor.name, this.#fitted);
    checkPairs(users, items, size);
    const asked = this.asked(users, items);
    return Float32Array.from({ length: users.length }, (_, pair) => {
      const own = means[asked[pair]] ?? NaN;
      return clip(Number.isNaN(own) ? mean : own, scale);
    });
  }

  protected abstract meansOf(ratings: CsrMatrix): Float64Array;
  protected abstract asked(users: ArrayLike<number>, items: ArrayLike<number>): ArrayLike<number>;
}

/** Predicts the mean of all ratings. */
export class GlobalMean extends MeanPredictor {
  protected meansOf = () => new Float64Array(0);
  protected asked = (users: ArrayLike<number>) => users;
}

/** Predicts the mean of the user's ratings, of all ratings where there are none. */
export class UserMean extends MeanPredictor {
  protected meansOf = rowMeans;
  protected asked = (users: ArrayLike<number>) => users;
}

/** Predicts the mean of the item's ratings, of all ratings where there are none. */
export class ItemMean extends MeanPredictor {
  protected meansOf = (ratings: CsrMatrix) => rowMeans(ratings.transpose());
  protected asked = (_: ArrayLike<number>, items: ArrayLike<number>) => items;
}
