import * as tf from '@tensorflow/tfjs-core';

import { zeros, type Parameters } from '../parameters.js';

/** Weights of {@link relativeBias}: `<name>.relative` [heads, maxLength], by falling distance. */
export const relativeBiasParameters = (name: string, heads: number, maxLength: number): Parameters => ({
  [`${name}.relative`]: zeros([heads, maxLength]),
});

/**
 * What attention adds for how far back a place is (Raffel et al. 2020, without buckets): b[t - s] for place t that reads s <= t, and 0
 * for s > t.
 *
 * With n steps, rows of the sequence b[0], n zeros, b[n - 1] ... b[1], 2n long, are written one after the other and cut again
 * into rows of 2n - 1: each then stands one to the right of the one above, and the first n columns are the matrix.
 *
 * @param parameters as {@link relativeBiasParameters} made them
 * @returns [heads, steps, steps]
 */
export function relativeBias(
  parameters: Readonly<Record<string, tf.Tensor>>,
  name: string,
  steps: number,
): tf.Tensor3D {
  const bias = parameters[`${name}.relative`] as tf.Tensor2D;
  const [heads, maxLength] = bias.shape;
  const at = (from: number, count: number) => tf.slice(bias, [0, from], [heads, count]);
  const parts = [at(maxLength - 1, 1), tf.zeros([heads, steps]) as tf.Tensor2D];
  const row = tf.concat(steps > 1 ? [...parts, at(maxLength - steps, steps - 1)] : parts, 1);
  const width = row.shape[1];
  const rows = tf.mul(tf.reshape(row, [heads, 1, width]), tf.ones([1, steps, 1]));
  const cut = tf.slice(tf.reshape(rows, [heads, steps * width]), [0, 0], [heads, steps * (width - 1)]);
  return tf.slice(
    tf.reshape(cut, [heads, steps, width - 1]) as tf.Tensor3D,
    [0, 0, 0],
    [heads, steps, steps],
  );
}
