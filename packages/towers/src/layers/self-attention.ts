import type { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import type { Parameters } from '../parameters.js';
import type { TowerContext } from '../tower.js';
import { causalMask } from './causal-mask.js';
import { dense, denseParameters } from './dense.js';
import { relativeBias, relativeBiasParameters } from './relative-bias.js';

/** Added to the score of a later place. */
const LATER = -1e9;

/**
 * Weights of {@link selfAttention}: `<name>.inputs.*` [d, 3 d] (queries, keys, values) and `<name>.output.*` [d, d].
 *
 * @param relative sizes of a bias by distance. Default: none
 */
export const selfAttentionParameters = (
  name: string,
  dimensions: number,
  rng: Rng,
  relative?: { readonly heads: number; readonly maxLength: number },
): Parameters => ({
  ...denseParameters(`${name}.inputs`, dimensions, 3 * dimensions, rng),
  ...denseParameters(`${name}.output`, dimensions, dimensions, rng),
  ...(relative && relativeBiasParameters(name, relative.heads, relative.maxLength)),
});

/**
 * Causal self-attention with several heads (Vaswani et al. 2017): each place reads those up to it by
 *
 *     softmax over s <= t of (q_t . k_s / sqrt(d / heads) + r[t - s])
 *
 * which right-padding needs no other mask for: what stands behind a history is read by places behind it alone.
 *
 * @param x [batch, steps, d]; d is a multiple of `heads`
 * @param parameters as {@link selfAttentionParameters} made them
 * @param dropout of the attention's weights
 * @param relative whether distances have a bias r, which the weights then hold. Default false: r = 0
 * @returns [batch * steps, d]
 */
export function selfAttention(
  x: tf.Tensor3D,
  parameters: Readonly<Record<string, tf.Tensor>>,
  name: string,
  {
    heads,
    dropout,
    relative = false,
    context,
  }: {
    readonly heads: number;
    readonly dropout: number;
    readonly relative?: boolean;
    readonly context: TowerContext;
  },
): tf.Tensor2D {
  const [batch, steps, dimensions] = x.shape;
  const width = dimensions / heads;
  const rows = tf.reshape(x, [batch * steps, dimensions]) as tf.Tensor2D;
  const inputs = tf.reshape(dense(rows, parameters, `${name}.inputs`), [batch, steps, 3, heads, width]);
  const [q, k, v] = tf
    .split(tf.transpose(inputs, [2, 0, 3, 1, 4]), 3, 0)
    .map((part) => tf.reshape(part, [batch * heads, steps, width]));
  let scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(width));
  if (relative) {
    const apart = tf.reshape(scores, [batch, heads, steps, steps]);
    scores = tf.reshape(tf.add(apart, relativeBias(parameters, name, steps)), scores.shape);
  }
  scores = tf.add(scores, causalMask(steps, LATER));
  const read = tf.matMul(context.dropout(tf.softmax(scores), dropout), v);
  const joined = tf.transpose(tf.reshape(read, [batch, heads, steps, width]), [0, 2, 1, 3]);
  return dense(tf.reshape(joined, [batch * steps, dimensions]), parameters, `${name}.output`);
}
