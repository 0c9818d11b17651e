import * as tf from '@tensorflow/tfjs-core';

import { logPartition } from './log-partition.js';
import { isCandidate, positiveScores, type Loss } from './loss.js';

/**
 * InfoNCE (van den Oord et al. 2018): the cross-entropy of the target among the candidates at a temperature,
 * without correction for how often a candidate is drawn. Meant for normalised vectors.
 *
 * @param temperature divides the scores; default .1
 */
export function infoNce({ temperature = 0.1 }: { temperature?: number } = {}): Loss {
  return {
    name: 'info-nce',
    settings: { temperature },
    apply(batch) {
      const scaled = tf.div(batch.users, temperature) as tf.Tensor2D;
      const padding = tf.mul(tf.sub(1, isCandidate(batch.logQ)), -1e9) as tf.Tensor1D;
      const partition = logPartition(scaled, batch.candidates, padding, batch.masked);
      return tf.sub(partition, positiveScores({ ...batch, users: scaled })) as tf.Tensor1D;
    },
  };
}
