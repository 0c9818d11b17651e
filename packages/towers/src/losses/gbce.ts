import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { openPairs, positiveScores, type Loss } from './loss.js';

/**
 * Generalized binary cross-entropy (Petrov and Macdonald 2023, gSASRec): binary cross-entropy with the target's probability
 * to the power beta, which undoes the overconfidence that drawing few of all negatives brings. With k negatives of the
 * `items` - 1 there are, sampled at the rate alpha = k / (items - 1),
 *
 *     loss = (beta * softplus(-target) + sum over negatives of softplus(score)) / (k + 1),  beta = 1 - t * (1 - alpha)
 *
 * @param items number of items in the catalog
 * @param t calibration, in [0, 1]: 0 is plain binary cross-entropy, 1 gives probabilities of the whole catalog. Default .75
 * @throws TowerkitError `BAD_OPTION`
 */
export function gbce({ items, t = 0.75 }: { items: number; t?: number }): Loss {
  if (!Number.isSafeInteger(items) || items < 2)
    throw new TowerkitError('BAD_OPTION', `gbce: items must be 2 or more, got ${items}`);
  if (!(t >= 0 && t <= 1)) throw new TowerkitError('BAD_OPTION', `gbce: t must be in [0, 1], got ${t}`);
  return {
    name: 'gbce',
    settings: { items, t },
    apply(batch) {
      const scores = tf.matMul(batch.users, batch.candidates, false, true);
      const open = openPairs(batch);
      const count = tf.sum(open, 1);
      const rate = tf.minimum(tf.div(count, items - 1), 1);
      const beta = tf.sub(1, tf.mul(t, tf.sub(1, rate)));
      const yes = tf.mul(beta, tf.softplus(tf.neg(positiveScores(batch))));
      const no = tf.sum(tf.mul(tf.softplus(scores), open), 1);
      return tf.div(tf.add(yes, no), tf.add(count, 1)) as tf.Tensor1D;
    },
  };
}
