import { badOption, type CsrMatrix, TowerkitError } from '@towerkit/core';

import { requireNumber } from '../recommender/check-options.js';
import type { RatingOptions } from './rating-predictor.js';

/** Ratings that were checked, and what every predictor needs of them. */
export interface RatingData {
  readonly ratings: CsrMatrix;
  readonly values: Float32Array;
  readonly mean: number;
  readonly scale: readonly [number, number];
}

/** @throws TowerkitError `BAD_OPTION` for a scale that is none */
export function checkScale(scale: RatingOptions['scale']): void {
  if (scale === undefined) return;
  if (!Array.isArray(scale) || scale.length !== 2)
    throw badOption('scale', scale, 'must be the lowest and the highest rating');
  for (const end of scale) requireNumber('scale', end);
  if (!(scale[0] < scale[1])) throw badOption('scale', scale, 'must be the lowest rating, then the highest');
}

/**
 * Checks ratings.
 *
 * @throws TowerkitError `EMPTY_DATA`, `BAD_VALUE` naming the row
 */
export function ratingData(ratings: CsrMatrix, scale: RatingOptions['scale']): RatingData {
  const { rows, indptr, indices, values } = ratings;
  if (values === undefined || values.length === 0)
    throw new TowerkitError(
      'EMPTY_DATA',
      values ? 'there are no ratings' : 'the matrix has no ratings for values',
    );
  let [sum, least, most] = [0, Infinity, -Infinity];
  for (let row = 0; row < rows; row++)
    for (let k = indptr[row]; k < indptr[row + 1]; k++) {
      const value = values[k];
      if (!Number.isFinite(value))
        throw new TowerkitError('BAD_VALUE', `row ${row}: the rating of item ${indices[k]} is ${value}`, {
          details: { row, column: indices[k], value },
        });
      sum += value;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  return { ratings, values, mean: sum / values.length, scale: scale ?? [least, most] };
}

/** The nearest rating of the scale. */
export const clip = (rating: number, [least, most]: readonly [number, number]): number =>
  rating < least ? least : rating > most ? most : rating;

/**
 * Refuses pairs that a predictor of ratings of `rows` x `cols` cannot answer.
 *
 * @throws TowerkitError `SHAPE_MISMATCH`, `OUT_OF_RANGE`
 */
export function checkPairs(
  users: ArrayLike<number>,
  items: ArrayLike<number>,
  { rows, cols }: { rows: number; cols: number },
): void {
  if (users.length !== items.length)
    throw new TowerkitError('SHAPE_MISMATCH', `${users.length} users but ${items.length} items`);
  const refuse = (what: 'user' | 'item', value: number, size: number, pair: number) => {
    throw new TowerkitError('OUT_OF_RANGE', `pair ${pair}: ${what} ${value} is outside [-1, ${size})`, {
      details: { pair, [what]: value, size },
    });
  };
  for (let pair = 0; pair < users.length; pair++) {
    const [user, item] = [users[pair], items[pair]];
    if (!(user >= -1 && user < rows && Number.isInteger(user))) refuse('user', user, rows, pair);
    if (!(item >= -1 && item < cols && Number.isInteger(item))) refuse('item', item, cols, pair);
  }
}

/** @throws TowerkitError `NOT_FITTED` */
export function fittedOr<T>(what: string, state: T | undefined): T {
  if (state === undefined)
    throw new TowerkitError('NOT_FITTED', `${what} is not fitted`, { hint: 'call fit() first' });
  return state;
}
