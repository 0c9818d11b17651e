import * as tf from '@tensorflow/tfjs-core';

import { logPartition } from './log-partition.js';
import { positiveScores, type Loss } from './loss.js';

/** Added to the target's column where it must not count: far below any score. */
const LEFT_OUT = -1e9;

/**
 * Sampled softmax with the refined log q correction (Khrylchenko et al. 2025, "Correcting the LogQ Correction", arXiv
 * 2507.09331). The target is not drawn, so it is no part of the sum over drawn candidates. With p the softmax over the whole
 * catalog and + the target, the gradient of -log p(+) is
 *
 *     sum over d of p(d) df(d) - df(+) = (1 - p(+)) * (sum over d != + of p(d) / (1 - p(+)) df(d) - df(+))
 *
 * and its second factor is the gradient of log(sum over d != + of exp f(d)) - f(+), whose sum the negatives estimate, each
 * exp(score) divided by its q. The first factor is estimated from the same sum and takes no gradient:
 *
 *     loss = (1 - p(+)) * (log S - f(+)),  S = sum over negatives of exp(f) / q,  p(+) = exp f(+) / (exp f(+) + S)
 *
 * The value is no cross-entropy; its gradient is what counts.
 */
export function refinedSoftmax(): Loss {
  return {
    name: 'refined-softmax',
    apply(batch) {
      const { users, candidates, positives, logQ, masked } = batch;
      const own = {
        columns: positives,
        offsets: tf.fill([users.shape[0]], LEFT_OUT) as tf.Tensor1D,
      };
      const partition = logPartition(users, candidates, tf.neg(logQ) as tf.Tensor1D, masked, own);
      return weighed(partition, positiveScores(batch));
    },
  };
}

/** (1 - sigmoid(target - partition)) * (partition - target), the first factor without a gradient. */
function weighed(partition: tf.Tensor1D, target: tf.Tensor1D): tf.Tensor1D {
  const custom = tf.customGrad((...args: unknown[]) => {
    const [log, own] = args as [tf.Tensor, tf.Tensor];
    const save = args[2] as tf.GradSaveFunc;
    const others = tf.sigmoid(tf.sub(log, own));
    save([others]);
    return {
      value: tf.mul(others, tf.sub(log, own)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const gradient = tf.mul(dy, saved[0]);
        return [gradient, tf.neg(gradient)];
      },
    };
  });
  return custom(partition, target) as tf.Tensor1D;
}
