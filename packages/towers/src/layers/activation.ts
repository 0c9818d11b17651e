import * as tf from '@tensorflow/tfjs-core';

/** The non-linearities a layer may name. */
export type Activation = 'linear' | 'relu' | 'elu' | 'gelu' | 'tanh' | 'sigmoid';

/** Applies an activation to each value; `gelu` is the exact form, x Phi(x) (Hendrycks and Gimpel 2016). */
export function activate<T extends tf.Tensor>(x: T, activation: Activation): T {
  switch (activation) {
    case 'linear':
      return x;
    case 'relu':
      return tf.relu(x);
    case 'elu':
      return tf.elu(x);
    case 'tanh':
      return tf.tanh(x);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'gelu':
      return tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))));
  }
}
