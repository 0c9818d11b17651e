import type { RandomSource } from '@towerkit/engine';
import * as tf from '@tensorflow/tfjs-core';

import { layerNames, NORM_EPSILON, SENTENCE } from '../tower/dense-head.js';
import type { HeadShape } from './head-parameters.js';

/** Vectors of texts, and what a batch norm is to follow. */
export interface GraphVectors {
  /** [texts, dimensions], each of length 1. */
  readonly vectors: tf.Tensor2D;
  readonly moments: Record<string, tf.Tensor>;
}

/**
 * The tower as tfjs operations; `SearchTower.join` is the same on the host.
 *
 * @param sums of the features, [texts, dimensions]
 * @param sentences frozen vectors, [texts, sentence]
 * @param values of the parameters, by name
 * @param dropout share of the outputs of each layer that are left out
 */
export function towerGraph(
  sums: tf.Tensor2D,
  sentences: tf.Tensor2D | undefined,
  values: Readonly<Record<string, tf.Tensor>>,
  { layers, share }: HeadShape,
  { dropout, random }: { dropout: number; random: RandomSource },
): GraphVectors {
  const moments: Record<string, tf.Tensor> = {};
  const y = layers.reduce((x, { units, norm }, layer) => {
    const names = layerNames(layer);
    let out: tf.Tensor = tf.add(tf.matMul(x, values[names.weights] as tf.Tensor2D), values[names.bias]);
    if (norm !== 'none') {
      const axis = norm === 'layer' ? 1 : 0;
      const mean = tf.mean(out, axis, true);
      const variance = tf.mean(tf.square(tf.sub(out, mean)), axis, true);
      if (norm === 'batch') Object.assign(moments, { [names.mean]: mean, [names.variance]: variance });
      const scaled = tf.div(tf.sub(out, mean), tf.sqrt(tf.add(variance, NORM_EPSILON)));
      out = tf.add(tf.mul(scaled, values[names.gain]), values[names.shift]);
    }
    if (layer < layers.length - 1) out = tf.relu(out);
    if (dropout > 0) out = tf.mul(out, random.dropoutMask([sums.shape[0], units], dropout));
    return out as tf.Tensor2D;
  }, sums);
  const own = unit(y);
  if (!sentences) return { vectors: own, moments };
  const beside = unit(tf.matMul(sentences, values[SENTENCE] as tf.Tensor2D));
  const vectors = tf.concat([tf.mul(own, Math.sqrt(1 - share)), tf.mul(beside, Math.sqrt(share))], 1);
  return { vectors: vectors as tf.Tensor2D, moments };
}

/** Rows at a length of 1; one of zeros stays. */
const unit = (rows: tf.Tensor): tf.Tensor2D =>
  tf.div(rows, tf.sqrt(tf.add(tf.sum(tf.square(rows), 1, true), 1e-12))) as tf.Tensor2D;
