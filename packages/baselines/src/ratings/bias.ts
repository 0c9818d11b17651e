import { type CsrMatrix, requireCount } from '@towerkit/core';

import { requireNumber } from '../recommender/check-options.js';
import { checkPairs, checkScale, clip, fittedOr, ratingData, type RatingData } from './rating-data.js';
import type { RatingOptions, RatingPredictor } from './rating-predictor.js';

/** Settings of {@link Bias}. */
export interface BiasOptions extends RatingOptions {
  /** Rounds over items, then users; 10 by default. */
  readonly epochs?: number;
  /** Ratings of a bias of 0 that every user is given beside their own; 15 by default. */
  readonly userRegularization?: number;
  /** The same for items; 10 by default. */
  readonly itemRegularization?: number;
}

/** Biases of users and items about the mean of all ratings. */
export interface Biases {
  readonly user: Float64Array;
  readonly item: Float64Array;
}

/**
 * Biases by alternating least squares (Koren 2010, "Factor in the neighbors", section 2.1): in each round
 * b_i = sum (r - mean - b_u) / (regularization + n_i), then b_u likewise. Those without ratings have 0.
 */
export function fitBiases(
  { ratings, values, mean }: RatingData,
  { epochs = 10, userRegularization = 15, itemRegularization = 10 }: BiasOptions = {},
): Biases {
  const { rows, cols, indptr, indices } = ratings;
  const [user, item] = [new Float64Array(rows), new Float64Array(cols)];
  const counts = ratings.columnCounts();
  for (let epoch = 0; epoch < epochs; epoch++) {
    item.fill(0);
    for (let u = 0; u < rows; u++)
      for (let k = indptr[u]; k < indptr[u + 1]; k++) item[indices[k]] += values[k] - mean - user[u];
    for (let i = 0; i < cols; i++) if (counts[i] > 0) item[i] /= itemRegularization + counts[i];
    for (let u = 0; u < rows; u++) {
      const count = indptr[u + 1] - indptr[u];
      let sum = 0;
      for (let k = indptr[u]; k < indptr[u + 1]; k++) sum += values[k] - mean - item[indices[k]];
      user[u] = count === 0 ? 0 : sum / (userRegularization + count);
    }
  }
  return { user, item };
}

/** Checks the settings of {@link fitBiases}. */
export function checkBiasOptions({ epochs, userRegularization, itemRegularization }: BiasOptions): void {
  if (epochs !== undefined) requireCount('epochs', epochs, 0);
  if (userRegularization !== undefined) requireNumber('userRegularization', userRegularization, 0);
  if (itemRegularization !== undefined) requireNumber('itemRegularization', itemRegularization, 0);
}

/**
 * Predicts mean + bias of the user + bias of the item: what Surprise calls `BaselineOnly`. One that is unknown has a
 * bias of 0.
 */
export class Bias implements RatingPredictor {
  readonly #options: BiasOptions;
  #fitted: { data: RatingData; biases: Biases } | undefined;

  /** @throws TowerkitError `BAD_OPTION` naming the option */
  constructor(options: BiasOptions = {}) {
    checkScale(options.scale);
    checkBiasOptions(options);
    this.#options = options;
  }

  /** Mean of the ratings. @throws TowerkitError `NOT_FITTED` */
  get mean(): number {
    return fittedOr('Bias', this.#fitted).data.mean;
  }

  /** Bias of each item, shape [items]. @throws TowerkitError `NOT_FITTED` */
  get itemBiases(): Float64Array {
    return fittedOr('Bias', this.#fitted).biases.item;
  }

  fit(ratings: CsrMatrix): void {
    const data = ratingData(ratings, this.#options.scale);
    this.#fitted = { data, biases: fitBiases(data, this.#options) };
  }

  predict(users: ArrayLike<number>, items: ArrayLike<number>): Float32Array {
    const { data, biases } = fittedOr('Bias', this.#fitted);
    checkPairs(users, items, data.ratings);
    return Float32Array.from({ length: users.length }, (_, pair) =>
      clip(data.mean + (biases.user[users[pair]] ?? 0) + (biases.item[items[pair]] ?? 0), data.scale),
    );
  }
}
