import * as tf from '@tensorflow/tfjs-core';

/**
 * The sum of the products of all pairs, element by element: sum_{f<h} v_f v_h = ((sum v)^2 - sum v^2) / 2, the second-order
 * term of a factorization machine (Rendle 2010) before it is summed up (bi-interaction pooling, He and Chua 2017).
 *
 * @param vectors two or more, of the same shape
 * @param sum their sum, where the caller has it already
 * @returns that shape
 */
export function pairwiseProducts<T extends tf.Tensor>(
  vectors: readonly T[],
  sum: T = vectors.reduce((total, v) => tf.add(total, v)),
): T {
  const squares = vectors.map((v) => tf.square(v)).reduce((total, v) => tf.add(total, v));
  return tf.mul(tf.sub(tf.square(sum), squares), 0.5);
}
