import type { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import type { Parameters } from '../parameters.js';
import type { TowerContext } from '../tower.js';
import { dense, denseParameters } from './dense.js';
import { frequencyFilter, frequencyFilterParameters, type FrequencySplit } from './frequency-filter.js';
import { layerNorm, normParameters } from './norm.js';
import { selfAttention, selfAttentionParameters } from './self-attention.js';

/** How an {@link attentionLayer} computes. */
export interface AttentionLayerSettings {
  readonly batch: number;
  readonly steps: number;
  readonly heads: number;
  readonly dropout: number;
  /** Whether layer norm comes before each part or after its sum. */
  readonly norm: 'before' | 'after';
  /** A frequency filter beside the attention, and its share. */
  readonly filter?: FrequencySplit & { readonly share: number };
  /** Whether distances have a learned bias in the attention. */
  readonly relative: boolean;
  readonly context: TowerContext;
}

type Weights = Readonly<Record<string, tf.Tensor>>;

/** Weights of {@link attentionLayer}, all under `<name>.`. */
export const attentionLayerParameters = (
  name: string,
  {
    dimensions,
    units,
    filter,
    relative,
  }: {
    readonly dimensions: number;
    readonly units: number;
    readonly filter: boolean;
    /** Sizes of a bias by distance, where there is one. */
    readonly relative?: { readonly heads: number; readonly maxLength: number };
  },
  rng: Rng,
): Parameters => ({
  ...normParameters(`${name}.attention_norm`, dimensions, 'layer'),
  ...selfAttentionParameters(`${name}.attention`, dimensions, rng, relative),
  ...normParameters(`${name}.dense_norm`, dimensions, 'layer'),
  ...denseParameters(`${name}.up`, dimensions, units, rng, 'gelu'),
  ...denseParameters(`${name}.down`, units, dimensions, rng),
  ...(filter && {
    ...frequencyFilterParameters(`${name}.filter`, dimensions, rng),
    ...normParameters(`${name}.filter_norm`, dimensions, 'layer'),
  }),
});

/**
 * A layer of a transformer: causal self-attention, then two dense maps, each added to what it was given, with layer norm before
 * each part or after its sum. With a filter the first sum is a mean of two, one with the attention, one with the filter.
 *
 * @param x [batch * steps, d]
 * @returns that shape
 */
export function attentionLayer(
  x: tf.Tensor2D,
  parameters: Weights,
  name: string,
  settings: AttentionLayerSettings,
): tf.Tensor2D {
  const { batch, steps, norm, filter, dropout, context } = settings;
  const dimensions = x.shape[1];
  const sequences = (x: tf.Tensor2D): tf.Tensor3D => tf.reshape(x, [batch, steps, dimensions]);
  const added = (x: tf.Tensor2D, of: string, part: (x: tf.Tensor2D) => tf.Tensor2D): tf.Tensor2D =>
    norm === 'before'
      ? tf.add(x, context.dropout(part(layerNorm(x, parameters, of)), dropout))
      : layerNorm(tf.add(x, context.dropout(part(x), dropout)), parameters, of);
  let mixed = added(x, `${name}.attention_norm`, (x) =>
    selfAttention(sequences(x), parameters, `${name}.attention`, settings),
  );
  if (filter) {
    const filtered = added(x, `${name}.filter_norm`, (x) =>
      tf.reshape(frequencyFilter(sequences(x), parameters, `${name}.filter`, filter), x.shape),
    );
    mixed = tf.add(tf.mul(filtered, filter.share), tf.mul(mixed, 1 - filter.share));
  }
  return added(mixed, `${name}.dense_norm`, (x) =>
    dense(dense(x, parameters, `${name}.up`, 'gelu'), parameters, `${name}.down`),
  );
}
