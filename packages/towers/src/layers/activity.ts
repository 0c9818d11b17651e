import type { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { glorotUniform } from '../parameters.js';
import type { TowerContext } from '../tower.js';

/** Name of what a history says by its length alone. */
export const ACTIVITY = 'activity';

/** Weights of {@link readActivity}: `activity.kernel` [1, dimensions]. */
export const activityParameters = (dimensions: number, rng: Rng) => ({
  [`${ACTIVITY}.kernel`]: glorotUniform([1, dimensions], rng),
});

/** How active somebody was: log(1 + items seen) at each position, through a linear map, [positions, dimensions]. */
export const readActivity = (
  parameters: Readonly<Record<string, tf.Tensor>>,
  { seen }: TowerContext,
): tf.Tensor2D =>
  tf.matMul(tf.expandDims(tf.log1p(seen), 1) as tf.Tensor2D, parameters[`${ACTIVITY}.kernel`] as tf.Tensor2D);
