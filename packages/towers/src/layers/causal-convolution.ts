import * as tf from '@tensorflow/tfjs-core';

import type { Parameters } from '../parameters.js';

/** Weights of {@link causalConvolution}: `<name>.kernel` [width, dimensions]. It starts as the identity. */
export function causalConvolutionParameters(name: string, width: number, dimensions: number): Parameters {
  const data = new Float32Array(width * dimensions);
  data.fill(1, 0, dimensions);
  return { [`${name}.kernel`]: { shape: [width, dimensions], data } };
}

/**
 * A depthwise convolution over the last steps: each dimension by itself, y_t = sum over k < width of kernel_k x_(t - k), zeros
 * before the first (the short convolution of Mega, Ma et al. 2023, and of Hyena, Poli et al. 2023).
 *
 * @param x [batch, steps, dimensions]
 * @param parameters as {@link causalConvolutionParameters} made them
 * @returns that shape
 */
export function causalConvolution(
  x: tf.Tensor3D,
  parameters: Readonly<Record<string, tf.Tensor>>,
  name: string,
): tf.Tensor3D {
  const [batch, steps, dimensions] = x.shape;
  const kernel = parameters[`${name}.kernel`] as tf.Tensor2D;
  const width = Math.min(kernel.shape[0], steps);
  const taps = Array.from({ length: width }, (_, back) => {
    const tap = tf.reshape(tf.slice(kernel, [back, 0], [1, dimensions]), [1, 1, dimensions]);
    const shifted =
      back === 0
        ? x
        : tf.pad(tf.slice(x, [0, 0, 0], [batch, steps - back, dimensions]), [
            [0, 0],
            [back, 0],
            [0, 0],
          ]);
    return tf.mul(shifted, tap);
  });
  return taps.reduce((sum, tap) => tf.add(sum, tap)) as tf.Tensor3D;
}
