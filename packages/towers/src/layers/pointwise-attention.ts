import type { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import type { Parameters } from '../parameters.js';
import type { TowerContext } from '../tower.js';
import { causalMask } from './causal-mask.js';
import { dense, denseParameters } from './dense.js';
import { layerNorm, normParameters } from './norm.js';
import { relativeBias, relativeBiasParameters } from './relative-bias.js';

type Weights = Readonly<Record<string, tf.Tensor>>;

/** Sizes of the weights of a {@link pointwiseAttentionLayer}. */
export interface PointwiseAttentionShape {
  readonly dimensions: number;
  readonly heads: number;
  readonly maxLength: number;
  /** Whether distances have a learned bias. */
  readonly relative: boolean;
}

/** Weights of a {@link pointwiseAttentionLayer}, all under `<name>.`. */
export const pointwiseAttentionParameters = (
  name: string,
  { dimensions, heads, maxLength, relative }: PointwiseAttentionShape,
  rng: Rng,
): Parameters => ({
  ...normParameters(`${name}.norm`, dimensions, 'layer'),
  ...denseParameters(`${name}.inputs`, dimensions, 4 * dimensions, rng),
  ...normParameters(`${name}.read_norm`, dimensions, 'layer'),
  ...denseParameters(`${name}.output`, dimensions, dimensions, rng),
  ...(relative && relativeBiasParameters(name, heads, maxLength)),
});

/** How a {@link pointwiseAttentionLayer} computes. */
export interface PointwiseAttentionSettings {
  readonly batch: number;
  readonly steps: number;
  readonly heads: number;
  /** Longest history: what the weights are divided by. */
  readonly maxLength: number;
  readonly relative: boolean;
  readonly dropout: number;
  readonly context: TowerContext;
}

/**
 * A layer of HSTU (Zhai et al. 2024): attention whose weights do not sum to one, so that it can tell how much of something a history
 * holds, and a gate in place of dense maps. With silu(z) = z sigmoid(z):
 *
 *     u, v, q, k = silu(norm(x) W + b), each [d]
 *     a_t        = sum over s <= t of silu(q_t . k_s + r[t - s]) v_s / maxLength      head by head
 *     y          = x + (norm(a) u) W' + b'
 *
 * @param x [batch * steps, d]
 * @param parameters as {@link pointwiseAttentionParameters} made them
 * @returns that shape
 */
export function pointwiseAttentionLayer(
  x: tf.Tensor2D,
  parameters: Weights,
  name: string,
  { batch, steps, heads, maxLength, relative, dropout, context }: PointwiseAttentionSettings,
): tf.Tensor2D {
  const dimensions = x.shape[1];
  const width = dimensions / heads;
  const mapped = silu(dense(layerNorm(x, parameters, `${name}.norm`), parameters, `${name}.inputs`));
  const parts = tf.reshape(mapped, [batch, steps, 4, heads, width]);
  const [u, v, q, k] = tf.split(tf.transpose(parts, [2, 0, 3, 1, 4]), 4, 0);
  const byHead = (part: tf.Tensor) => tf.reshape(part, [batch * heads, steps, width]) as tf.Tensor3D;
  const bySequence = (part: tf.Tensor) =>
    tf.reshape(tf.transpose(tf.reshape(part, [batch, heads, steps, width]), [0, 2, 1, 3]), [
      batch * steps,
      dimensions,
    ]) as tf.Tensor2D;
  let scores: tf.Tensor = tf.matMul(byHead(q), byHead(k), false, true);
  if (relative) {
    const apart = tf.reshape(scores, [batch, heads, steps, steps]);
    scores = tf.reshape(tf.add(apart, relativeBias(parameters, name, steps)), scores.shape);
  }
  const isEarlier = tf.add(causalMask(steps, -1), 1);
  const weights = tf.mul(silu(scores), tf.mul(isEarlier, 1 / maxLength)) as tf.Tensor3D;
  const read = layerNorm(bySequence(tf.matMul(weights, byHead(v))), parameters, `${name}.read_norm`);
  const gated: tf.Tensor2D = tf.mul(read, bySequence(u));
  return tf.add(x, dense(context.dropout(gated, dropout), parameters, `${name}.output`));
}

const silu = <T extends tf.Tensor>(x: T): T => tf.mul(x, tf.sigmoid(x));
