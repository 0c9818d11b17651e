import type { CsrMatrix, FitOptions } from '@towerkit/core';

/** A model that says how a user would rate an item. */
export interface RatingPredictor {
  /**
   * Learns from ratings: users x items with values. A pair rated several times counts as often.
   *
   * @throws TowerkitError `EMPTY_DATA` without a rating or without values, `BAD_VALUE` naming the row of one that is
   *   not finite
   */
  fit(ratings: CsrMatrix, options?: FitOptions): Promise<void> | void;
  /**
   * Ratings of pairs, clipped to the scale; of a user or an item without ratings, what can be said without them.
   *
   * @param users rows of the fitted matrix, -1 for somebody unknown, shape [n]
   * @param items columns of the fitted matrix, -1 for something unknown, shape [n]
   * @returns shape [n]
   * @throws TowerkitError `NOT_FITTED`, `SHAPE_MISMATCH`, `OUT_OF_RANGE`
   */
  predict(users: ArrayLike<number>, items: ArrayLike<number>): Float32Array;
}

/** What every rating predictor takes. */
export interface RatingOptions {
  /** Lowest and highest rating there can be; by default those of the ratings fitted. */
  readonly scale?: readonly [number, number];
}
