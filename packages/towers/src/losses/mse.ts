import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs';

import { positiveScores, type Loss } from './loss.js';

/**
 * Squared error between the score of a target and its rating.
 *
 * @param offset added to every score, such as the mean rating; default 0
 * @throws TowerkitError `NO_RATINGS` when the batch has none
 */
export function mse({ offset = 0 }: { offset?: number } = {}): Loss {
  return {
    name: 'mse',
    settings: { offset },
    ratings: true,
    apply(batch) {
      if (!batch.ratings)
        throw new TowerkitError('NO_RATINGS', 'the mse loss needs ratings, and the data has none', {
          hint: 'map a rating column, or choose a ranking loss such as sampledSoftmax()',
        });
      return tf.squaredDifference(tf.add(positiveScores(batch), offset), batch.ratings);
    },
  };
}
