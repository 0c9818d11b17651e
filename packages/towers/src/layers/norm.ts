import * as tf from '@tensorflow/tfjs-core';

import { constant, zeros, type Parameters } from '../parameters.js';
import type { TowerContext } from '../tower.js';

/** How a hidden layer is normalized. */
export type Norm = 'batch' | 'layer';

type Weights = Readonly<Record<string, tf.Tensor>>;

const EPSILON = 1e-5;
/** Share of the present batch in the running statistics. */
const MOMENTUM = 0.1;

/**
 * Weights of a normalization: `<name>.scale` and `<name>.shift` [units], and for batch norm the running `<name>.mean` and
 * `<name>.variance` [units], which no gradient moves.
 */
export const normParameters = (name: string, units: number, norm: Norm): Parameters => ({
  [`${name}.scale`]: constant([units], 1),
  [`${name}.shift`]: zeros([units]),
  ...(norm === 'batch' && {
    [`${name}.mean`]: { ...zeros([units]), trained: false },
    [`${name}.variance`]: { ...constant([units], 1), trained: false },
  }),
});

/** Normalizes by {@link layerNorm} or {@link batchNorm}: [rows, units] to the same shape. */
export const normalize = (
  x: tf.Tensor2D,
  parameters: Weights,
  name: string,
  norm: Norm,
  context: TowerContext,
): tf.Tensor2D =>
  norm === 'batch' ? batchNorm(x, parameters, name, context) : layerNorm(x, parameters, name);

/**
 * Layer norm (Ba et al. 2016): each row to mean 0 and variance 1 over its units, times a learned scale, plus a learned shift.
 *
 * @param x [rows, units]
 * @param parameters with `<name>.scale` and `<name>.shift`, see {@link normParameters}
 */
export function layerNorm(x: tf.Tensor2D, parameters: Weights, name: string): tf.Tensor2D {
  const { mean, variance } = tf.moments(x, 1, true);
  return scaled(x, mean, variance, parameters, name);
}

/**
 * Batch norm (Ioffe and Szegedy 2015): each unit to mean 0 and variance 1 over the batch's rows, padding left out, times a
 * learned scale, plus a learned shift. Training steps move the running mean and variance (the unbiased one) a tenth of the way
 * to the batch's; serving, export, and a training without `context.batch` use the running ones.
 *
 * A position is then trained with a little of what the other rows of its batch say, as everywhere with batch norm; serving
 * has none of it.
 *
 * @param x [rows, units]
 * @param parameters with `<name>.scale`, `.shift`, `.mean` and `.variance`, see {@link normParameters}
 */
export function batchNorm(
  x: tf.Tensor2D,
  parameters: Weights,
  name: string,
  { batch }: TowerContext,
): tf.Tensor2D {
  const running = { mean: parameters[`${name}.mean`], variance: parameters[`${name}.variance`] };
  if (!batch) return scaled(x, running.mean, running.variance, parameters, name);
  const present = tf.expandDims(batch.present, 1);
  const count = tf.sum(batch.present);
  const mean = tf.div(tf.sum(tf.mul(x, present), 0), count);
  const squares = tf.sum(tf.mul(tf.square(tf.sub(x, mean)), present), 0);
  const moved = (before: tf.Tensor, now: tf.Tensor) =>
    tf.add(tf.mul(before, 1 - MOMENTUM), tf.mul(now, MOMENTUM));
  batch.keep(`${name}.mean`, moved(running.mean, mean));
  batch.keep(`${name}.variance`, moved(running.variance, tf.div(squares, tf.maximum(tf.sub(count, 1), 1))));
  return scaled(x, mean, tf.div(squares, count), parameters, name);
}

const scaled = (x: tf.Tensor2D, mean: tf.Tensor, variance: tf.Tensor, parameters: Weights, name: string) =>
  tf.add(
    tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, EPSILON))), parameters[`${name}.scale`]),
    parameters[`${name}.shift`],
  ) as tf.Tensor2D;
