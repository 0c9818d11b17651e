import { TowerkitError } from '@towerkit/core';
import type { RandomSource } from '@towerkit/engine';
import * as tf from '@tensorflow/tfjs-core';

import type { BatchRows, TowerContext } from './tower.js';

/** Dropout drawn by the host (Srivastava et al. 2014, scaled at training time). */
const dropoutFrom =
  (random: RandomSource): TowerContext['dropout'] =>
  (x, rate) =>
    rate > 0 ? tf.mul(x, random.dropoutMask(x.shape, rate)) : x;

/**
 * A context without histories: what an item tower runs in.
 *
 * @param random where dropout comes from in training; serving without
 * @param batch the training batch's rows, for towers that take statistics of them
 */
export function rowContext(random?: RandomSource, batch?: BatchRows): TowerContext {
  const none = (): never => {
    throw new TowerkitError('NO_HISTORY', 'a tower without a history input asked for positions', {
      hint: "declare an input of kind 'history', or do not use context.atPositions and seen",
    });
  };
  return {
    training: random !== undefined,
    dropout: random ? dropoutFrom(random) : (x) => x,
    atPositions: none,
    perPosition: (x) => x,
    batch,
    get seen(): tf.Tensor1D {
      return none();
    },
  };
}

/**
 * Training on every position of right-padded histories.
 *
 * @param positions which of the [batch, steps] places are asked about, flattened row by row: int32 [positions]
 * @param users the row of the batch each position belongs to: int32 [positions]
 * @param seen items seen by each position: float32 [positions]
 * @param batch the batch's positions, for towers that take statistics of them
 */
export function trainingContext(
  positions: tf.Tensor1D,
  users: tf.Tensor1D,
  seen: tf.Tensor1D,
  random: RandomSource,
  batch?: BatchRows,
): TowerContext {
  return {
    training: true,
    dropout: dropoutFrom(random),
    atPositions: (states) =>
      tf.gather(tf.reshape(states, [states.shape[0] * states.shape[1], states.shape[2]]), positions),
    perPosition: (x) => tf.gather(x, users),
    seen,
    batch,
  };
}

/**
 * Serving: one answer a user, from the last valid place of a right-padded history, the first of an empty one.
 *
 * @param mask 1 for an item, 0 for padding behind it: [batch, steps]
 */
export function servingContext(mask: tf.Tensor2D): TowerContext {
  const [batch, steps] = mask.shape;
  // mask[t] - mask[t + 1] is 1 at the last item alone; a product with it needs no index, so it exports anywhere. The first
  // place counts as taken: an empty history is asked there, at zeros, as it is in training.
  const first = tf.ones([batch, 1]);
  const rest = steps > 1 && tf.slice(mask, [0, 1], [batch, steps - 1]);
  const ends = rest ? tf.sub(tf.concat([first, rest], 1), tf.concat([rest, tf.zeros([batch, 1])], 1)) : first;
  const last = tf.expandDims(ends, 2);
  return {
    training: false,
    dropout: (x) => x,
    atPositions: (states) => tf.sum(tf.mul(states, last), 1) as tf.Tensor2D,
    perPosition: (x) => x,
    seen: tf.maximum(tf.sum(mask, 1), 1) as tf.Tensor1D,
  };
}
