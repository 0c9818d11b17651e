import type * as tf from '@tensorflow/tfjs-core';

import type { TowerContext, TowerInput } from '../tower.js';

/**
 * What an input says at each position: repeated for what is known of a user, as it is for what is known of a moment.
 *
 * @param x the input or what was made of it row by row, [rows, dimensions]
 * @returns [positions, dimensions]
 */
export const perPosition = (input: TowerInput, x: tf.Tensor2D, context: TowerContext): tf.Tensor2D =>
  isMoment(input) ? x : context.perPosition(x);

/** Whether an input belongs to the moment of the question. */
export const isMoment = (input: TowerInput): boolean => input.kind !== 'history' && input.at === 'moment';
