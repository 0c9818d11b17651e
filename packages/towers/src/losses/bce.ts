import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { negativeWeights, noRatings, positiveScores, type Loss } from './loss.js';

/** Options of {@link bce}. */
export interface BceOptions {
  /**
   * Focus on what is got wrong (Lin et al. 2017): each term is multiplied by (1 - p)^gamma, p the probability given to what is
   * true. 0 is plain cross-entropy, 2 usual. Default 0.
   */
  readonly focal?: number;
  /** Whether the ratings are labels in [0, 1]: how much of a yes each target is. Without, all are 1. Default false. */
  readonly labels?: boolean;
}

/**
 * Binary cross-entropy: the target is a yes, or as much of one as its label says, and the negatives together weigh as much
 * as one no. From logits, as softplus(-target) + mean softplus(negative).
 *
 * @throws TowerkitError `BAD_OPTION`; `NO_RATINGS` for a batch without labels
 */
export function bce({ focal = 0, labels = false }: BceOptions = {}): Loss {
  if (!(focal >= 0 && focal < Infinity))
    throw new TowerkitError('BAD_OPTION', `bce: focal must be 0 or more, got ${focal}`);
  return {
    name: 'bce',
    settings: { focal, labels },
    ratings: labels,
    apply(batch) {
      if (labels && !batch.ratings) throw noRatings('bce');
      const scores = tf.matMul(batch.users, batch.candidates, false, true);
      const no = tf.sum(tf.mul(term(scores, focal), negativeWeights(batch)), 1);
      const target = positiveScores(batch);
      const yes = term(tf.neg(target), focal);
      if (!labels) return tf.add(yes, no) as tf.Tensor1D;
      const label = batch.ratings!;
      const own = tf.add(tf.mul(label, yes), tf.mul(tf.sub(1, label), term(target, focal)));
      return tf.add(own, no) as tf.Tensor1D;
    },
  };
}

/** -log(1 - sigmoid(x)), times sigmoid(x)^gamma: the loss of saying yes at x where no is true. */
const term = (x: tf.Tensor, gamma: number): tf.Tensor =>
  gamma === 0 ? tf.softplus(x) : tf.mul(tf.softplus(x), tf.exp(tf.mul(-gamma, tf.softplus(tf.neg(x)))));
