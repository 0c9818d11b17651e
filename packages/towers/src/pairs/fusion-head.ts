import { TowerkitError, type Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { rowContext } from '../context.js';
import { activate, type Activation } from '../layers/activation.js';
import { dense, denseParameters } from '../layers/dense.js';
import { zeros } from '../parameters.js';
import type { TowerContext } from '../tower.js';
import type { Tensors } from '../two-tower.js';
import type { PairHead } from './pair-head.js';

/** Options of {@link fusionHead}. */
export interface FusionHeadOptions {
  /** Names of its numbers. Default `['rating']`. */
  readonly outputs?: readonly string[];
  /** Widths of the hidden layers, at least one. Default [64, 32]. */
  readonly hidden?: readonly number[];
  /** Default `elu`. */
  readonly activation?: Activation;
  /** Dropout after the first hidden layer. Default .2. */
  readonly dropout?: number;
  /**
   * Whether the last layer starts from zeros rather than at random, so that a model of what is left of a simpler one begins
   * as the simpler one. Default false.
   */
  readonly fromZero?: boolean;
}

/**
 * Fuses a user's and an item's vector in a multi-layer perceptron over both side by side, as in neural collaborative
 * filtering (He et al. 2017). It can say more than a dot product, and no index can answer it.
 *
 * The first layer is a sum of a part of the user and a part of the item: the item's, bias included, is what is prepared.
 *
 * @throws TowerkitError `BAD_TOWER` without outputs or hidden layers
 */
export function fusionHead({
  outputs = ['rating'],
  hidden = [64, 32],
  activation = 'elu',
  dropout = 0.2,
  fromZero = false,
}: FusionHeadOptions = {}): PairHead {
  if (outputs.length === 0 || hidden.length === 0)
    throw new TowerkitError('BAD_TOWER', 'a fusion head needs an output and a hidden layer');
  const [first, ...rest] = hidden;

  const half = (x: tf.Tensor2D, parameters: Tensors, side: 0 | 1): tf.Tensor2D => {
    const dimensions = x.shape[1];
    return tf.matMul(
      x,
      tf.slice(parameters['layer0.kernel'] as tf.Tensor2D, [side * dimensions, 0], [dimensions, first]),
    ) as tf.Tensor2D;
  };
  const above = (sums: tf.Tensor2D, parameters: Tensors, context: TowerContext): tf.Tensor2D => {
    let x = context.dropout(activate(sums, activation), dropout);
    rest.forEach((_, layer) => (x = dense(x, parameters, `layer${layer + 1}`, activation)));
    return dense(x, parameters, 'out');
  };

  return {
    name: 'fusion',
    outputs,
    preparedDimensions: () => first,
    init(dimensions, rng: Rng) {
      const widths = [2 * dimensions, ...hidden];
      return Object.assign(
        {},
        ...hidden.map((units, layer) =>
          denseParameters(`layer${layer}`, widths[layer], units, rng, activation),
        ),
        denseParameters('out', hidden[hidden.length - 1], outputs.length, rng),
        fromZero && { 'out.kernel': zeros([hidden[hidden.length - 1], outputs.length]) },
      );
    },
    prepare: (parameters, items) => tf.add(half(items, parameters, 1), parameters['layer0.bias']),
    pairs(parameters, users, prepared, context) {
      const x = above(tf.add(half(users, parameters, 0), prepared), parameters, context);
      return named(outputs, (place) => tf.reshape(tf.slice(x, [0, place], [x.shape[0], 1]), [x.shape[0]]));
    },
    cross(parameters, users, prepared) {
      const [count, items] = [users.shape[0], prepared.shape[0]];
      const sums = tf.add(tf.expandDims(half(users, parameters, 0), 1), tf.expandDims(prepared, 0));
      const x = above(tf.reshape(sums, [count * items, first]), parameters, rowContext());
      return named(outputs, (place) =>
        tf.reshape(tf.slice(x, [0, place], [count * items, 1]), [count, items]),
      );
    },
  };
}

const named = <T extends tf.Tensor>(names: readonly string[], of: (place: number) => tf.Tensor) =>
  Object.fromEntries(names.map((name, place) => [name, of(place) as T]));
