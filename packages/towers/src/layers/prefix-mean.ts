import * as tf from '@tensorflow/tfjs-core';

import type { TowerContext } from '../tower.js';

/**
 * The sum of the items each position has seen, divided by their number to a power (FISM, Kabbur et al. 2013):
 * power 1 is the mean, power 0 the sum; in between, long histories speak louder than short ones.
 *
 * @param history [batch, steps, dimensions], right-padded
 * @param power a number, or a learned scalar tensor
 * @returns [positions, dimensions]
 */
export function prefixMean(
  history: tf.Tensor3D,
  context: TowerContext,
  power: number | tf.Tensor = 1,
): tf.Tensor2D {
  const sums = context.atPositions(prefixSum(history));
  const scale = tf.exp(tf.neg(tf.mul(tf.log(context.seen), power)));
  return tf.mul(sums, tf.expandDims(scale, 1));
}

/** Running sums along the steps. Its gradient stands here because tfjs's is wrong off the last axis (4.22). */
function prefixSum(x: tf.Tensor3D): tf.Tensor3D {
  const custom = tf.customGrad((x: unknown) => ({
    value: tf.cumsum(x as tf.Tensor3D, 1),
    gradFunc: (dy: tf.Tensor) => tf.cumsum(dy, 1, false, true),
  }));
  return custom(x) as tf.Tensor3D;
}
