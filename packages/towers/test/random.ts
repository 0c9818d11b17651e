import type { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs';

/** A tensor of seeded normal draws. */
export function randomTensor<T extends tf.Tensor>(shape: number[], rng: Rng, scale = 1): T {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => scale * rng.normal()),
    shape,
  ) as unknown as T;
}

/** Largest difference of two tensors, relative to the largest entry of the second. */
export function relativeError(actual: tf.Tensor, expected: tf.Tensor): number {
  if (String(actual.shape) !== String(expected.shape))
    throw new Error(`[${actual.shape}] is not [${expected.shape}]`);
  const [a, b] = [actual.dataSync(), expected.dataSync()];
  let difference = 0;
  let largest = 1e-12;
  for (let i = 0; i < a.length; i++) {
    if (!Number.isFinite(a[i])) return Infinity;
    difference = Math.max(difference, Math.abs(a[i] - b[i]));
    largest = Math.max(largest, Math.abs(b[i]));
  }
  return difference / largest;
}
