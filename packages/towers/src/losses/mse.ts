import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { checkScale } from '../rating-head.js';
import { noRatings, positiveScores, type Loss, type LossBatch } from './loss.js';

/** Options of {@link mse}. */
export interface MseOptions {
  /** Added to every score, such as the mean rating: `shapes.ratings.mean` in a config. Default 0. */
  readonly offset?: number;
  /** Lowest and highest rating: predictions are kept within it, the loss is not. Default none. */
  readonly range?: readonly [number, number];
  /** What the squared length of both vectors weighs beside the error. Default 0. */
  readonly regularization?: number;
  /** The same of the biases, which need less: a rating more of somebody says much of their bias. Default a tenth of it. */
  readonly biasRegularization?: number;
}

/**
 * Squared error between the score of a target and its rating. With `userBias` and item biases in the two-tower it is that of
 * biased matrix factorization (Koren, Bell and Volinsky 2009), whatever else the towers read:
 *
 *     (offset + b_u + b_i + u . i - rating)^2 + regularization * (|u|^2 + |i|^2) + biasRegularization * (b_u^2 + b_i^2)
 *
 * @throws TowerkitError `BAD_OPTION`; `NO_RATINGS` when the batch has none
 * @example
 * ```ts
 * const model = twoTower({
 *   item: itemTower({ dimensions: 32 }),
 *   user: sumTower({ dimensions: 32, inputs: { id: { kind: 'embedding', of: 'id', dimensions: 32 } } }),
 *   userBias: true,
 *   loss: mse({ offset: 3.5, range: [1, 5], regularization: 0.05 }),
 * });
 * ```
 */
export function mse({
  offset = 0,
  range,
  regularization = 0,
  biasRegularization = regularization / 10,
}: MseOptions = {}): Loss {
  checkScale('mse', { offset, range });
  for (const [option, value] of Object.entries({ regularization, biasRegularization }))
    if (!(value >= 0 && value < Infinity))
      throw new TowerkitError('BAD_OPTION', `mse: ${option} must be 0 or more, got ${value}`, {
        details: { option },
      });
  return {
    name: 'mse',
    settings: {
      offset,
      ...(regularization > 0 && { regularization }),
      ...(biasRegularization > 0 && { biasRegularization }),
    },
    ratings: true,
    targetsOnly: true,
    rating: { offset, ...(range && { range }) },
    apply(batch) {
      if (!batch.ratings) throw noRatings('mse');
      const predicted = tf.add(positiveScores(batch), offset) as tf.Tensor1D;
      const error = tf.squaredDifference(predicted, batch.ratings) as tf.Tensor1D;
      if (regularization === 0 && biasRegularization === 0) return error;
      return tf.add(error, penalties(batch, regularization, biasRegularization)) as tf.Tensor1D;
    },
  };
}

/** What the columns of each position's user and target weigh, [P]; the constants that stand against biases add a constant. */
function penalties(
  { users, candidates, positives, biasColumns = 0 }: LossBatch,
  regularization: number,
  biasRegularization: number,
): tf.Tensor {
  const columns = users.shape[1];
  const weights = tf.tensor1d(
    Float32Array.from({ length: columns }, (_, column) =>
      column < columns - biasColumns ? regularization : biasRegularization,
    ),
  );
  const squares = tf.add(tf.square(users), tf.square(tf.gather(candidates, positives)));
  return tf.sum(tf.mul(squares, weights), 1);
}
