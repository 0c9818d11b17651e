import type { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs';

import { glorotUniform, heNormal, zeros, type Parameters } from '../parameters.js';
import { activate, type Activation } from './activation.js';

/** Weights of a dense layer, `<name>.kernel` [in, out] and `<name>.bias` [out]; He for rectifiers, else Glorot. */
export function denseParameters(
  name: string,
  width: number,
  units: number,
  rng: Rng,
  activation: Activation = 'linear',
): Parameters {
  const rectified = activation !== 'linear' && activation !== 'tanh' && activation !== 'sigmoid';
  return {
    [`${name}.kernel`]: (rectified ? heNormal : glorotUniform)([width, units], rng),
    [`${name}.bias`]: zeros([units]),
  };
}

/** activation(x W + b): [rows, in] to [rows, out], with the weights that {@link denseParameters} made. */
export function dense(
  x: tf.Tensor2D,
  parameters: Readonly<Record<string, tf.Tensor>>,
  name: string,
  activation: Activation = 'linear',
): tf.Tensor2D {
  const product = tf.add(
    tf.matMul(x, parameters[`${name}.kernel`] as tf.Tensor2D),
    parameters[`${name}.bias`],
  );
  return activate(product as tf.Tensor2D, activation);
}
