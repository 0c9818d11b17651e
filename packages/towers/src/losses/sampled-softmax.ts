import * as tf from '@tensorflow/tfjs-core';

import { logPartition } from './log-partition.js';
import { positiveScores, type Loss } from './loss.js';
import { wholeMean } from './whole-mean.js';

/**
 * Sampled softmax with the log q correction (Bengio and Senecal 2008; Jean et al. 2015; Yi et al. 2019): the cross-entropy
 * of the target among the candidates, each score lowered by the log of the candidate's chance to be one. Items the user has
 * had are left out of the negatives.
 *
 * What it follows is the softmax over the whole catalog, consistently but not without bias: the sum of exp(score) / q over
 * the negatives has the catalog's sum for its expectation, the log of it, and so the loss and its gradient, only in the
 * limit of many candidates. The target's own q is that of the negatives, its own sequence not counted: only then is the
 * softmax over the candidates the probability of the target given the candidates (Jean et al. 2015, section 3).
 *
 * Where the candidates are the whole catalog (`negatives: 'all'`) it is the softmax over all items, computed block by block:
 * see `wholeSoftmax`.
 */
export function sampledSoftmax(): Loss {
  return {
    name: 'sampled-softmax',
    apply(batch) {
      const { users, candidates, positives, logQ, targetLogQ, masked } = batch;
      const own = targetLogQ && { columns: positives, offsets: tf.neg(targetLogQ) as tf.Tensor1D };
      const partition = logPartition(users, candidates, tf.neg(logQ) as tf.Tensor1D, masked, own);
      const target = tf.sub(positiveScores(batch), targetLogQ ?? tf.gather(logQ, positives));
      return tf.sub(partition, target) as tf.Tensor1D;
    },
    mean: (batch, weights) => wholeMean(batch, weights),
  };
}
