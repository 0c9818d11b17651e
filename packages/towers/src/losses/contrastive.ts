import * as tf from '@tensorflow/tfjs-core';

import { negativeWeights, noRatings, positiveScores, type Loss } from './loss.js';

/**
 * Contrastive loss with a margin (Hadsell et al. 2006, with cosines for distances): targets are pulled to a score of 1,
 * negatives pushed below the margin. Meant for vectors of length 1 (`normalize` of `twoTower`).
 *
 *     loss = y (1 - target) + (1 - y) max(0, target - margin) + mean over negatives of max(0, score - margin)
 *
 * @param margin score below which a negative is let be. Default .3
 * @param graded whether the ratings are labels y in [0, 1], such as 1 for an exact match and .1 for a substitute; without,
 *   y is 1. Default false
 * @throws TowerkitError `NO_RATINGS` for a batch without labels where it is graded
 */
export function contrastive({
  margin = 0.3,
  graded = false,
}: { margin?: number; graded?: boolean } = {}): Loss {
  return {
    name: 'contrastive',
    settings: { margin, graded },
    ratings: graded,
    apply(batch) {
      if (graded && !batch.ratings) throw noRatings('contrastive');
      const scores = tf.matMul(batch.users, batch.candidates, false, true);
      const pushed = tf.sum(tf.mul(tf.relu(tf.sub(scores, margin)), negativeWeights(batch)), 1);
      const target = positiveScores(batch);
      const near = tf.sub(1, target);
      if (!graded) return tf.add(near, pushed) as tf.Tensor1D;
      const far = tf.mul(tf.sub(1, batch.ratings!), tf.relu(tf.sub(target, margin)));
      return tf.add(tf.add(tf.mul(batch.ratings!, near), far), pushed) as tf.Tensor1D;
    },
  };
}
