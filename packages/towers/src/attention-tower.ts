import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { mlpTower, type MlpTowerOptions } from './mlp-tower.js';
import { glorotUniform, zeros } from './parameters.js';
import type { Tower, TowerInput } from './tower.js';

/** Options of {@link attentionTower}. */
export interface AttentionTowerOptions extends MlpTowerOptions {
  /** The texts, or other things, that are attended to. */
  readonly set: {
    /** Name of the feature that holds them end to end, [rows, length * dimensions]; `<name>Mask` is [rows, length]. */
    readonly of: string;
    /** Most that somebody may have. */
    readonly length: number;
    /** Width of one. */
    readonly dimensions: number;
  };
  /** Width of the space in which they are compared. Default 64. */
  readonly attention?: number;
}

/**
 * {@link mlpTower} with one more input: the weighted mean of a set of vectors, such as those of somebody's reviews, with
 * learned weights (the attention of Yang et al. 2016, "Hierarchical attention networks"):
 *
 *     a_j = softmax over j of v . tanh(x_j W + b)          s = sum_j a_j x_j; zeros for an empty set
 *
 * With v zero at the start every weight is the same: it begins as the plain mean.
 *
 * @throws TowerkitError `BAD_TOWER` for an input that has the set's name
 */
export function attentionTower({ set, attention = 64, inputs, ...rest }: AttentionTowerOptions): Tower {
  const { of, length, dimensions } = set;
  const mask = `${of}Mask`;
  if (of in inputs || mask in inputs)
    throw new TowerkitError('BAD_TOWER', `"${of}" is the set's name already`);
  const summary: TowerInput = { kind: 'feature', of, dimensions };
  const above = mlpTower({ ...rest, inputs: { ...inputs, [of]: summary } });
  return {
    name: 'attention',
    dimensions: above.dimensions,
    settings: { ...above.settings, length, attention },
    inputs: {
      ...inputs,
      [of]: { kind: 'feature', of, dimensions: length * dimensions },
      [mask]: { kind: 'feature', of: mask, dimensions: length },
    },
    init: (rng) => ({
      ...above.init(rng),
      'attention.kernel': glorotUniform([dimensions, attention], rng),
      'attention.bias': zeros([attention]),
      'attention.query': zeros([attention, 1]),
    }),
    apply(parameters, given, context) {
      const flat = given[of] as tf.Tensor2D;
      const rows = flat.shape[0];
      const present = given[mask] as tf.Tensor2D;
      const each = tf.reshape(flat, [rows * length, dimensions]);
      const hidden = tf.tanh(
        tf.add(tf.matMul(each, parameters['attention.kernel'] as tf.Tensor2D), parameters['attention.bias']),
      );
      const logits = tf.reshape(
        tf.matMul(hidden as tf.Tensor2D, parameters['attention.query'] as tf.Tensor2D),
        [rows, length],
      );
      // |logit| is at most the norm of the query: the exponential needs no maximum taken off, and 0 / tiny is 0.
      const weights = tf.mul(tf.exp(logits), present);
      const total = tf.add(tf.sum(weights, 1, true), 1e-12);
      const shares = tf.reshape(tf.div(weights, total), [rows, length, 1]);
      const mean = tf.sum(tf.mul(tf.reshape(flat, [rows, length, dimensions]), shares), 1);
      return above.apply(parameters, { ...given, [of]: mean }, context);
    },
  };
}
