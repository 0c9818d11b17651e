import type { Rng } from '@towerkit/core';
import type * as tf from '@tensorflow/tfjs-core';

import type { Parameters } from '../parameters.js';
import type { TowerContext } from '../tower.js';
import type { Tensors } from '../two-tower.js';

/**
 * What a model makes of the vectors of a user and an item: named numbers, such as a rating.
 *
 * Its work is in two parts, so that whatever depends on the item alone is computed once for all users.
 */
export interface PairHead {
  readonly name: string;
  /** Names of the numbers it gives for a pair. */
  readonly outputs: readonly string[];
  /** Width of what is prepared of an item. */
  preparedDimensions(dimensions: number): number;
  /** Fresh weights for towers of a width. */
  init(dimensions: number, rng: Rng): Parameters;
  /** What is needed of each item: [items, dimensions] to [items, n]. */
  prepare(parameters: Tensors, items: tf.Tensor2D): tf.Tensor2D;
  /** One number by name for each row: users [rows, dimensions], prepared items [rows, n]. */
  pairs(
    parameters: Tensors,
    users: tf.Tensor2D,
    prepared: tf.Tensor2D,
    context: TowerContext,
  ): Record<string, tf.Tensor1D>;
  /** Every user with every item: users [users, dimensions], prepared items [items, n] to [users, items] by name. */
  cross(parameters: Tensors, users: tf.Tensor2D, prepared: tf.Tensor2D): Record<string, tf.Tensor2D>;
}
