import { TowerkitError, type Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import type { RatingScale } from './losses/loss.js';
import { zeros, glorotUniform, type Parameters } from './parameters.js';

type Tensors = Readonly<Record<string, tf.Tensor>>;

const KERNEL = 'user.rating.kernel';
const CENTER = 'user.rating.bias';

/** Item input of a {@link ratingHead}: what an item is rated above others. */
export const RATING_BIAS = 'rating_bias';

/**
 * A head for ratings beside the choice: the same item vectors, asked by another vector of the user,
 *
 *     rating = offset + (W u + c) . i + b_u + b_i
 *
 * with biases of its own. Two columns stand behind those of the choice, in which its user vectors are 0, so that an index of the
 * item vectors answers as before.
 *
 * @throws TowerkitError `BAD_OPTION` for an offset or a range that makes no sense
 */
export function ratingHead(dimensions: number, scale: RatingScale) {
  checkScale('rating', scale);
  return {
    scale,
    init: (rng: Rng): Parameters => ({
      [KERNEL]: glorotUniform([dimensions, dimensions], rng),
      [CENTER]: zeros([dimensions]),
    }),
    /** User vectors that ratings are asked by. @param between columns of the choice alone, left at 0 */
    users(parameters: Tensors, users: tf.Tensor2D, bias: tf.Tensor2D, between: number): tf.Tensor2D {
      const rows = users.shape[0];
      const mapped = tf.add(tf.matMul(users, parameters[KERNEL] as tf.Tensor2D), parameters[CENTER]);
      const columns: tf.Tensor[] = [mapped, ...(between > 0 ? [tf.zeros([rows, between])] : [])];
      return tf.concat([...columns, tf.ones([rows, 1]), bias], 1) as tf.Tensor2D;
    },
  };
}

/** @throws TowerkitError `BAD_OPTION` */
export function checkScale(what: string, { offset, range }: RatingScale): void {
  const bad = (option: string, message: string) =>
    new TowerkitError('BAD_OPTION', `${what}: ${option} ${message}`, { details: { option } });
  if (!Number.isFinite(offset)) throw bad('offset', `must be a number, got ${offset}`);
  if (range && !(range[0] <= range[1]))
    throw bad('range', `must be the lowest and the highest rating, got [${range.join(', ')}]`);
}
