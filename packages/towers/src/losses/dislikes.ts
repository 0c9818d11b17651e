import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { around, positiveScores, type Loss } from './loss.js';

/**
 * Adds what users are known not to want: a target is to score above the items its user disliked, by Bayesian personalized
 * ranking over one of them an example. No log q applies: the pairs are observed, they stand for no others.
 *
 * @param loss what else is minimized
 * @param weight what the dislikes weigh beside it. Default 1
 * @throws TowerkitError `BAD_OPTION`
 */
export function dislikes({ loss, weight = 1 }: { loss: Loss; weight?: number }): Loss {
  if (!(weight > 0 && weight < Infinity))
    throw new TowerkitError('BAD_OPTION', `dislikes: weight must be above 0, got ${weight}`);
  return {
    name: 'dislikes',
    ...around(loss, { weight }),
    dislikes: true,
    apply(batch) {
      const own = loss.apply(batch);
      if (!batch.disliked) return own;
      const { vectors, present } = batch.disliked;
      const margins = tf.sub(tf.sum(tf.mul(batch.users, vectors), 1), positiveScores(batch));
      return tf.add(own, tf.mul(tf.softplus(margins), tf.mul(present, weight))) as tf.Tensor1D;
    },
  };
}
