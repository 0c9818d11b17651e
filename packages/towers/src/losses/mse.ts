import * as tf from '@tensorflow/tfjs';

import { noRatings, positiveScores, type Loss } from './loss.js';

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
      if (!batch.ratings) throw noRatings('mse');
      return tf.squaredDifference(tf.add(positiveScores(batch), offset), batch.ratings);
    },
  };
}
