import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { around, openPairs, type Loss } from './loss.js';

/** Options of {@link distillation}. */
export interface DistillationOptions {
  /** What else is minimized. */
  readonly loss: Loss;
  /** Share of the teacher in the whole, in (0, 1]: alpha. */
  readonly alpha: number;
  /** How a row of scores is compared with the teacher's: squared differences, or 1 - cosine, which ignores the scale. */
  readonly by?: 'mse' | 'cosine';
}

/**
 * Distillation (Hinton et al. 2015; Tang and Wang 2018 for rankings): beside another loss, the scores of the candidates are to
 * be those of a teacher, a model that was trained before.
 *
 *     (1 - alpha) * loss + alpha * mean over candidates of (score - teacher's)^2         or  alpha * (1 - cosine)
 *
 * The candidates are the target and the row's true negatives; masked pairs, padding and what the teacher has no score for are
 * left out.
 *
 * @throws TowerkitError `BAD_OPTION`; `NO_TEACHER` for a batch without a teacher's scores
 */
export function distillation({ loss, alpha, by = 'mse' }: DistillationOptions): Loss {
  if (!(alpha > 0 && alpha <= 1))
    throw new TowerkitError('BAD_OPTION', `distillation: alpha must be in (0, 1], got ${alpha}`);
  return {
    name: 'distillation',
    ...around(loss, { alpha, by }),
    teacher: true,
    apply(batch) {
      if (!batch.teacher)
        throw new TowerkitError('NO_TEACHER', 'distillation needs the scores of a teacher', {
          hint: 'give the training a `teacher`, or choose another loss',
        });
      const known = tf.cast(tf.greater(batch.teacher, UNKNOWN_SCORE / 2), 'float32');
      const asked = tf.add(openPairs(batch), targetColumns(batch.positives, batch.candidates.shape[0]));
      const valid = tf.mul(asked, known);
      const count = tf.sum(valid, 1);
      const scores = tf.mul(tf.matMul(batch.users, batch.candidates, false, true), valid);
      const wanted = tf.mul(batch.teacher, valid);
      const apart =
        by === 'mse'
          ? tf.div(tf.sum(tf.squaredDifference(scores, wanted), 1), tf.maximum(count, 1))
          : tf.mul(tf.sub(1, cosine(scores, wanted)), tf.minimum(count, 1));
      const own = loss.apply(batch);
      return tf.add(tf.mul(1 - alpha, own), tf.mul(alpha, apart)) as tf.Tensor1D;
    },
  };
}

/** What stands in a batch for a score that the teacher does not have. */
export const UNKNOWN_SCORE = -1e30;

const targetColumns = (positives: tf.Tensor1D, columns: number) =>
  tf.oneHot(tf.cast(positives, 'int32'), columns);

/** Cosine of two matrices row by row: [rows]. */
function cosine(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const norms = tf.mul(tf.sum(tf.square(a), 1), tf.sum(tf.square(b), 1));
  return tf.mul(tf.sum(tf.mul(a, b), 1), tf.rsqrt(tf.maximum(norms, 1e-12)));
}
