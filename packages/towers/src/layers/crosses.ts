import type { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { glorotUniform, zeros, type Parameters } from '../parameters.js';

/** Weights of {@link cross}: `<name>.kernel` [d, d], or `<name>.down` [d, rank] and `<name>.up` [rank, d]; `<name>.bias` [d]. */
export const crossParameters = (
  name: string,
  dimensions: number,
  rank: number | undefined,
  rng: Rng,
): Parameters => ({
  ...(rank === undefined
    ? { [`${name}.kernel`]: glorotUniform([dimensions, dimensions], rng) }
    : {
        [`${name}.down`]: glorotUniform([dimensions, rank], rng),
        [`${name}.up`]: glorotUniform([rank, dimensions], rng),
      }),
  [`${name}.bias`]: zeros([dimensions]),
});

/**
 * One cross layer of DCN-v2 (Wang et al. 2021, arXiv 2008.13535), element by element x0 (x W + b) + x, with W a matrix of full
 * rank or the product of two narrow ones. l layers hold every product of up to l + 1 inputs.
 *
 * @param first what the first layer was given, [rows, d]
 * @param x what the layer before gave, [rows, d]
 * @param parameters as {@link crossParameters} made them
 * @returns [rows, d]
 */
export function cross(
  first: tf.Tensor2D,
  x: tf.Tensor2D,
  parameters: Readonly<Record<string, tf.Tensor>>,
  name: string,
): tf.Tensor2D {
  const weight = (part: string) => parameters[`${name}.${part}`] as tf.Tensor2D;
  const mapped =
    `${name}.kernel` in parameters
      ? tf.matMul(x, weight('kernel'))
      : tf.matMul(tf.matMul(x, weight('down')) as tf.Tensor2D, weight('up'));
  return tf.add(tf.mul(first, tf.add(mapped, parameters[`${name}.bias`])), x);
}
