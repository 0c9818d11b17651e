import type { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { normal, type Parameters } from '../parameters.js';

/** How {@link frequencyFilter} splits. */
export interface FrequencySplit {
  /** Steps of the window whose frequencies they are. */
  readonly window: number;
  /** Frequencies that count as low: 0, 1, 2, ..., half of this each way (BSARec's c). */
  readonly low: number;
}

/** Weights of {@link frequencyFilter}: `<name>.high` [dimensions]. */
export const frequencyFilterParameters = (name: string, dimensions: number, rng: Rng): Parameters => ({
  [`${name}.high`]: normal([dimensions], rng, 1),
});

/**
 * The slow part of a sequence as it is, and the rest times a learned factor squared (the frequency rescaler of BSARec, Shin et
 * al. 2024): low + b^2 (x - low). BSARec takes the low frequencies of the whole window, later items included; here each
 * place has those of the window that ends with it, zeros before the first item, as BSARec has at the last place:
 *
 *     low_t = sum over s <= t of x_s (1 + 2 sum over k = 1 .. low / 2 of cos(2 pi k (t - s) / window)) / window
 *
 * @param x [batch, steps, dimensions]; no more steps than the window has
 * @param parameters as {@link frequencyFilterParameters} made them
 * @returns that shape
 */
export function frequencyFilter(
  x: tf.Tensor3D,
  parameters: Readonly<Record<string, tf.Tensor>>,
  name: string,
  split: FrequencySplit,
): tf.Tensor3D {
  const low = tf.matMul(lowPass(x.shape[1], split), x) as tf.Tensor3D;
  return tf.add(low, tf.mul(tf.sub(x, low), tf.square(parameters[`${name}.high`]))) as tf.Tensor3D;
}

/** What each place (row) takes of each one up to it: [1, steps, steps]. */
function lowPass(steps: number, { window, low }: FrequencySplit): tf.Tensor3D {
  const weights = new Float32Array(steps * steps);
  for (let t = 0; t < steps; t++)
    for (let s = 0; s <= t; s++) {
      let sum = 1;
      for (let k = 1; k <= low / 2; k++) sum += 2 * Math.cos((2 * Math.PI * k * (t - s)) / window);
      weights[t * steps + s] = sum / window;
    }
  return tf.tensor3d(weights, [1, steps, steps]);
}
