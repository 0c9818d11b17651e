import * as tf from '@tensorflow/tfjs-core';

import { negativeWeights, positiveScores, type Loss } from './loss.js';

/**
 * Bayesian personalised ranking (Rendle et al. 2009): -log sigmoid(target - negative), averaged over the
 * position's negatives. Computed as softplus(negative - target), which does not overflow.
 */
export function bpr(): Loss {
  return {
    name: 'bpr',
    apply(batch) {
      const scores = tf.matMul(batch.users, batch.candidates, false, true);
      const margins = tf.sub(scores, tf.expandDims(positiveScores(batch), 1));
      return tf.sum(tf.mul(tf.softplus(margins), negativeWeights(batch)), 1);
    },
  };
}
