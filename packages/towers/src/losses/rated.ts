import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs';

import { noRatings, type Loss } from './loss.js';

/** Options of {@link rated}. */
export interface RatedOptions {
  /** What else is minimized: a loss of choices, such as `sampledSoftmax()`. */
  readonly loss: Loss;
  /** What the squared error of a rating weighs beside it. Default 1. */
  readonly weight?: number;
}

/**
 * Ratings and choices together: beside another loss, the squared error of what the two-tower's rating head (its option `rating`)
 * predicts for the target. Targets without a rating (NaN) have no part in it.
 *
 *     loss + weight * (predicted rating - rating)^2
 *
 * @throws TowerkitError `BAD_OPTION`; `NO_RATINGS` when the batch has none, or the model predicts none
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
  return {
    name: 'rated',
    settings: { loss: { name: loss.name, ...loss.settings }, weight },
    ratings: true,
    partlyRated: true,
    ids: loss.ids,
    teacher: loss.teacher,
    dislikes: loss.dislikes,
    apply(batch) {
      const { ratings, isRated, predictedRatings } = batch;
      if (!ratings || !predictedRatings) throw noRatings('rated');
      const error = tf.squaredDifference(predictedRatings, ratings);
      const counted = isRated ? tf.mul(error, isRated) : error;
      return tf.add(loss.apply(batch), tf.mul(counted, weight)) as tf.Tensor1D;
    },
  };
}
