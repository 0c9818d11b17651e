import * as tf from '@tensorflow/tfjs';

import { logPartition } from './log-partition.js';
import { positiveScores, type Loss } from './loss.js';

/**
 * Sampled softmax with the log q correction (Bengio and Senecal 2008; Yi et al. 2019): the cross-entropy of the
 * target among the candidates, each score lowered by the log of the candidate's chance to be one, so that its
 * expectation follows the softmax over the whole catalog. Items the user has had are left out of the negatives.
 */
export function sampledSoftmax(): Loss {
  return {
    name: 'sampled-softmax',
    apply(batch) {
      const { users, candidates, positives, logQ, masked } = batch;
      const partition = logPartition(users, candidates, tf.neg(logQ) as tf.Tensor1D, masked);
      const target = tf.sub(positiveScores(batch), tf.gather(logQ, positives));
      return tf.sub(partition, target) as tf.Tensor1D;
    },
  };
}
