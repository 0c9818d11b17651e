import type { CsrMatrix } from '@towerkit/core';

import { ratingFolds, type RatingFold } from './rating-folds.js';
import type { RatingPredictor } from './rating-predictor.js';

/** How a predictor did on a fold that it had not seen. */
export interface FoldResult {
  /** Root of the mean squared error. */
  readonly rmse: number;
  /** Mean absolute error. */
  readonly mae: number;
  readonly fitSeconds: number;
  readonly testSeconds: number;
}

/** How it did on each fold, and on average. */
export interface CrossValidation extends FoldResult {
  readonly folds: readonly FoldResult[];
}

/** Settings of {@link crossValidate}. */
export interface CrossValidationOptions {
  /** A new predictor for each fold. */
  readonly make: (fold: number) => RatingPredictor;
  /** How many parts, 5 by default; or the parts themselves, from {@link ratingFolds}. */
  readonly folds?: number | readonly RatingFold[];
  /** Seed of the deal; 0 by default. */
  readonly seed?: number;
}

/**
 * Fits and tests a predictor on each fold in turn.
 *
 * @example
 * ```ts
 * const { rmse } = await crossValidate(ratings, { make: () => new Svd({ scale: [1, 5] }) });
 * ```
 * @throws TowerkitError what {@link ratingFolds} and the predictor throw
 */
export async function crossValidate(
  ratings: CsrMatrix,
  { make, folds = 5, seed = 0 }: CrossValidationOptions,
): Promise<CrossValidation> {
  const parts = typeof folds === 'number' ? ratingFolds(ratings, { folds, seed }) : folds;
  const results: FoldResult[] = [];
  for (const [number, fold] of parts.entries()) results.push(await testOn(fold, make(number)));
  const mean = (of: keyof FoldResult) =>
    results.reduce((sum, result) => sum + result[of], 0) / results.length;
  return {
    folds: results,
    rmse: mean('rmse'),
    mae: mean('mae'),
    fitSeconds: mean('fitSeconds'),
    testSeconds: mean('testSeconds'),
  };
}

async function testOn(
  { train, users, items, ratings }: RatingFold,
  model: RatingPredictor,
): Promise<FoldResult> {
  const start = performance.now();
  await model.fit(train);
  const fitted = performance.now();
  const predicted = model.predict(users, items);
  const tested = performance.now();
  let [squares, absolutes] = [0, 0];
  for (let pair = 0; pair < ratings.length; pair++) {
    const error = predicted[pair] - ratings[pair];
    squares += error * error;
    absolutes += Math.abs(error);
  }
  return {
    rmse: Math.sqrt(squares / ratings.length),
    mae: absolutes / ratings.length,
    fitSeconds: (fitted - start) / 1000,
    testSeconds: (tested - fitted) / 1000,
  };
}
