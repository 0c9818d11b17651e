import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { around, noRatings, type Loss } from './loss.js';

/** Options of {@link rated}. */
export interface RatedOptions {
  /** What else is minimized: a loss of choices, such as `sampledSoftmax()`. */
  readonly loss: Loss;
  /** What the squared error of a rating weighs beside it. Default 1. */
  readonly weight?: number;
}

/**
 * Ratings and choices together: beside another loss, the squared error of what the two-tower's rating head (its option `rating`)
 * predicts for the target. Targets without a rating (NaN) have no part in it; there may be none where the other loss learns from
 * ratings itself.
 *
 *     loss + weight * (predicted rating - rating)^2
 *
 * @throws TowerkitError `BAD_OPTION`, also around a loss such as `mse`; `NO_RATINGS` when the batch has none, or the model
 *   predicts none
 * @example
 * ```ts
 * const model = twoTower({
 *   item: itemTower({ dimensions: 64 }),
 *   user: gruTower({ dimensions: 64 }),
 *   rating: { offset: 3.5, range: [1, 5] },
 *   loss: rated({ loss: sampledSoftmax(), weight: 0.5 }),
 * });
 * ```
 */
export function rated({ loss, weight = 1 }: RatedOptions): Loss {
  if (!(weight > 0 && weight < Infinity))
    throw new TowerkitError('BAD_OPTION', `rated: weight must be above 0, got ${weight}`);
  if (loss.rating)
    throw new TowerkitError(
      'BAD_OPTION',
      `rated: the scores of the loss "${loss.name}" are ratings already`,
      {
        hint: 'choose that loss alone, or put a loss of choices into rated(), such as sampledSoftmax()',
      },
    );
  return {
    name: 'rated',
    ...around(loss, { weight }),
    ratings: true,
    partlyRated: !loss.ratings || loss.partlyRated,
    apply(batch) {
      const { ratings, isRated, predictedRatings } = batch;
      if (!predictedRatings)
        throw new TowerkitError('NO_RATINGS', 'the rated loss needs a model that predicts ratings', {
          hint: 'give twoTower() a rating head: rating: { offset, range }',
        });
      if (!ratings) throw noRatings('rated');
      const error = tf.squaredDifference(predictedRatings, ratings);
      const counted = isRated ? tf.mul(error, isRated) : error;
      return tf.add(loss.apply(batch), tf.mul(counted, weight)) as tf.Tensor1D;
    },
  };
}
