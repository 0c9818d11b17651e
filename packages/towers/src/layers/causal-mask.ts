import * as tf from '@tensorflow/tfjs-core';

/** 0 where a place (row) may read another (column), else `later`: [steps, steps]. */
export function causalMask(steps: number, later: number): tf.Tensor2D {
  const mask = new Float32Array(steps * steps);
  for (let t = 0; t < steps; t++) mask.fill(later, t * steps + t + 1, (t + 1) * steps);
  return tf.tensor2d(mask, [steps, steps]);
}
