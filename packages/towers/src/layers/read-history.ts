import type { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { constant, glorotUniform, randomUniform } from '../parameters.js';
import type { TowerContext } from '../tower.js';
import { dense, denseParameters } from './dense.js';
import { gru } from './gru.js';
import { prefixMean } from './prefix-mean.js';

/** Weights of {@link readOrder}: `gru.*` and `head.*`. */
export function orderParameters(dimensions: number, units: number, rng: Rng) {
  const limit = 1 / Math.sqrt(units); // PyTorch's start, which the published GRU figures used
  return {
    'gru.input': randomUniform([dimensions, 3 * units], rng, limit),
    'gru.recurrent': randomUniform([units, 3 * units], rng, limit),
    'gru.input_bias': randomUniform([3 * units], rng, limit),
    'gru.recurrent_bias': randomUniform([3 * units], rng, limit),
    ...denseParameters('head', units, dimensions, rng),
  };
}

/** What a history says in its order: a GRU and a linear head, [batch, steps, dimensions] to [positions, dimensions]. */
export function readOrder(
  history: tf.Tensor3D,
  parameters: Readonly<Record<string, tf.Tensor>>,
  context: TowerContext,
): tf.Tensor2D {
  const states = gru(
    history,
    parameters['gru.input'] as tf.Tensor2D,
    parameters['gru.recurrent'] as tf.Tensor2D,
    parameters['gru.input_bias'] as tf.Tensor1D,
    parameters['gru.recurrent_bias'] as tf.Tensor1D,
  );
  return dense(context.atPositions(states), parameters, 'head');
}

/** Weights of {@link readTaste}: `mean.*`. */
export const tasteParameters = (dimensions: number, rng: Rng) => ({
  'mean.kernel': glorotUniform([dimensions, dimensions], rng),
  'mean.power': constant([1], 0.5),
});

/** What a history says in all: its length-normalised mean with a learned power, through a linear map. */
export const readTaste = (
  history: tf.Tensor3D,
  parameters: Readonly<Record<string, tf.Tensor>>,
  context: TowerContext,
): tf.Tensor2D =>
  tf.matMul(prefixMean(history, context, parameters['mean.power']), parameters['mean.kernel']);
