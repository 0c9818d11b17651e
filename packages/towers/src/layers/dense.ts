import type { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { glorotUniform, heNormal, zeros, type Parameter } from '../parameters.js';
import { activate, type Activation } from './activation.js';

/** Weights of a dense layer by their names. */
export type DenseParameters<Name extends string> = {
  readonly [K in `${Name}.kernel`]: Parameter<readonly [number, number]>;
} & { readonly [K in `${Name}.bias`]: Parameter<readonly [number]> };

/** Weights of a dense layer, `<name>.kernel` [in, out] and `<name>.bias` [out]; He for rectifiers, else Glorot. */
export function denseParameters<const Name extends string>(
  name: Name,
  dimensions: number,
  units: number,
  rng: Rng,
  activation: Activation = 'linear',
): DenseParameters<Name> {
  const rectified = activation !== 'linear' && activation !== 'tanh' && activation !== 'sigmoid';
  const kernel = rectified ? heNormal([dimensions, units], rng) : glorotUniform([dimensions, units], rng);
  const parameters = { [`${name}.kernel`]: kernel, [`${name}.bias`]: zeros([units]) };
  return parameters as unknown as DenseParameters<Name>; // TypeScript forgets computed names
}

/** activation(x W + b): [rows, in] to [rows, out], with the weights that {@link denseParameters} made. */
export function dense(
  x: tf.Tensor2D,
  parameters: Readonly<Record<string, tf.Tensor>>,
  name: string,
  activation: Activation = 'linear',
): tf.Tensor2D {
  const product: tf.Tensor2D = tf.add(tf.matMul(x, parameters[`${name}.kernel`]), parameters[`${name}.bias`]);
  return activate(product, activation);
}
