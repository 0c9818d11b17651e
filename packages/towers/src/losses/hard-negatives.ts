import * as tf from '@tensorflow/tfjs-core';

/**
 * The cross-entropy of each target among hard negatives of its own, items that the model can hardly tell from it
 * (Xiong et al. 2021, arXiv 2007.00808):
 *
 *     log(1 + sum_j exp(s_j - s_target))
 *
 * No log q applies: a log q corrects draws that stand for the whole catalog, and these stand for themselves. They are picked
 * by the model's own scores, so that weighing them by how likely that was would undo the picking. It is added to a loss
 * whose negatives have theirs.
 *
 * @param users [positions, dimensions]
 * @param targets score of each position's own target, [positions]
 * @param vectors of the hard negatives, [positions * count, dimensions]
 * @param offsets 0, or a very negative number for a place without one: [positions, count]
 * @returns [positions]; 0 for a position without any
 */
export function hardNegativeLoss(
  users: tf.Tensor2D,
  targets: tf.Tensor1D,
  vectors: tf.Tensor2D,
  offsets: tf.Tensor2D,
): tf.Tensor1D {
  const [positions, count] = offsets.shape;
  const each = tf.reshape(vectors, [positions, count, users.shape[1]]);
  const scores = tf.sum(tf.mul(each, tf.expandDims(users, 1)), 2);
  const margins = tf.add(tf.sub(scores, tf.expandDims(targets, 1)), offsets);
  return tf.logSumExp(tf.concat([tf.zeros([positions, 1]), margins], 1), 1) as tf.Tensor1D;
}
