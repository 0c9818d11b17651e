import * as tf from '@tensorflow/tfjs-core';

import { isCandidate, positiveScores, type LossBatch } from './loss.js';
import { wholePartition } from './whole-partition.js';

/**
 * The weighted sum over positions of the cross-entropy of each target among all items, block by block.
 *
 * @param weights of the positions, [P]
 */
export function wholeMean(batch: LossBatch, weights: tf.Tensor1D, smoothing = 0): tf.Scalar {
  const { users, candidates, logQ, masked } = batch;
  const partition = wholePartition(users, candidates, tf.neg(logQ) as tf.Tensor1D, weights, masked);
  const targets = positiveScores(batch);
  const terms = smoothing > 0 ? tf.sub(targets, smoothed(batch, smoothing)) : targets;
  return tf.sub(partition, tf.sum(tf.mul(terms, weights))) as tf.Scalar;
}

/** What smoothing adds to the loss: e (s_target - mean_j s_j), [P]; the mean score is that with the mean item. */
export function smoothed(batch: LossBatch, smoothing: number): tf.Tensor1D {
  const { users, candidates, logQ } = batch;
  const open = tf.expandDims(isCandidate(logQ), 0) as tf.Tensor2D;
  const mean = tf.div(tf.matMul(open, candidates), tf.sum(open)) as tf.Tensor2D;
  const means = tf.reshape(tf.matMul(users, mean, false, true), [-1]);
  return tf.mul(tf.sub(positiveScores(batch), means), smoothing) as tf.Tensor1D;
}
