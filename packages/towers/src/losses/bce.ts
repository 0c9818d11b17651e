import * as tf from '@tensorflow/tfjs';

import { negativeWeights, positiveScores, type Loss } from './loss.js';

/**
 * Binary cross-entropy: the target is a yes, the negatives together weigh as much as one no. From logits, as
 * softplus(-target) + mean softplus(negative).
 */
export function bce(): Loss {
  return {
    name: 'bce',
    apply(batch) {
      const scores = tf.matMul(batch.users, batch.candidates, false, true);
      const no = tf.sum(tf.mul(tf.softplus(scores), negativeWeights(batch)), 1);
      return tf.add(tf.softplus(tf.neg(positiveScores(batch))), no) as tf.Tensor1D;
    },
  };
}
