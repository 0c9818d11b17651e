import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { constant, zeros } from '../parameters.js';
import type { PairHead } from './pair-head.js';

/**
 * A pair's numbers as straight lines of one dot product: `scale * <user, item> + bias`. As long as `scale` is positive
 * (it starts at 1) the dot product alone ranks, and an index can answer it.
 *
 * @throws TowerkitError `BAD_TOWER` without outputs
 */
export function dotHead({ outputs = ['rating'] }: { outputs?: readonly string[] } = {}): PairHead {
  if (outputs.length === 0) throw new TowerkitError('BAD_TOWER', 'a dot head needs an output');
  return {
    name: 'dot',
    outputs,
    preparedDimensions: (dimensions) => dimensions,
    init: () =>
      Object.fromEntries(
        outputs.flatMap((name) => [
          [`${name}.scale`, constant([1], 1)],
          [`${name}.bias`, zeros([1])],
        ]),
      ),
    prepare: (_, items) => items,
    pairs(parameters, users, prepared) {
      const dot = tf.sum(tf.mul(users, prepared), 1);
      return Object.fromEntries(
        outputs.map((name) => [
          name,
          tf.add(tf.mul(dot, parameters[`${name}.scale`]), parameters[`${name}.bias`]) as tf.Tensor1D,
        ]),
      );
    },
    cross(parameters, users, prepared) {
      const dot = tf.matMul(users, prepared, false, true);
      return Object.fromEntries(
        outputs.map((name) => [
          name,
          tf.add(tf.mul(dot, parameters[`${name}.scale`]), parameters[`${name}.bias`]) as tf.Tensor2D,
        ]),
      );
    },
  };
}
