import { TowerkitError, type Rng } from '@towerkit/core';
import type * as tf from '@tensorflow/tfjs-core';

import type { Parameters } from '../parameters.js';
import { prefixed, scope, within } from '../scoped-names.js';
import type { Tower, TowerContext, TowerInput } from '../tower.js';
import type { Tensors } from '../two-tower.js';
import type { PairHead } from './pair-head.js';

/** Two towers and a head over pairs of their vectors. */
export interface PairModel {
  /** Width of both towers. */
  readonly dimensions: number;
  /** Width of what is prepared of an item. */
  readonly preparedDimensions: number;
  /** Names of what it says of a pair. */
  readonly outputs: readonly string[];
  readonly userInputs: Readonly<Record<string, TowerInput>>;
  readonly itemInputs: Readonly<Record<string, TowerInput>>;
  /** Fresh weights, named `user.*`, `item.*` and `head.*`. */
  init(rng: Rng): Parameters;
  /** Inputs, [rows, dimensions] each, to [rows, dimensions]. */
  userVectors(parameters: Tensors, inputs: Tensors, context: TowerContext): tf.Tensor2D;
  /** Inputs, [rows, dimensions] each, to [rows, dimensions]. */
  itemVectors(parameters: Tensors, inputs: Tensors, context: TowerContext): tf.Tensor2D;
  /** {@link PairHead.prepare} */
  prepare(parameters: Tensors, items: tf.Tensor2D): tf.Tensor2D;
  /** {@link PairHead.pairs} */
  pairs(
    parameters: Tensors,
    users: tf.Tensor2D,
    prepared: tf.Tensor2D,
    context: TowerContext,
  ): Record<string, tf.Tensor1D>;
  /** {@link PairHead.cross} */
  cross(parameters: Tensors, users: tf.Tensor2D, prepared: tf.Tensor2D): Record<string, tf.Tensor2D>;
}

/**
 * A model of pairs, such as of ratings: a tower for users, one for items, and a head that says something of the two.
 *
 * @throws TowerkitError `BAD_TOWER` for towers of two widths
 * @example
 * ```ts
 * const model = pairModel({
 *   user: mlpTower({ inputs: { taste: { kind: 'feature', of: 'taste', dimensions: 32 } } }),
 *   item: mlpTower({ inputs: { text: { kind: 'feature', of: 'text', dimensions: 384 } } }),
 *   head: fusionHead({ outputs: ['rating'] }),
 * });
 * ```
 */
export function pairModel({ user, item, head }: { user: Tower; item: Tower; head: PairHead }): PairModel {
  if (user.dimensions !== item.dimensions)
    throw new TowerkitError(
      'BAD_TOWER',
      `the user tower is ${user.dimensions} wide, the item tower ${item.dimensions}`,
    );
  const dimensions = user.dimensions;
  return {
    dimensions,
    preparedDimensions: head.preparedDimensions(dimensions),
    outputs: head.outputs,
    userInputs: user.inputs,
    itemInputs: item.inputs,
    init: (rng) => ({
      ...prefixed('user', user.init(rng.fork('user'))),
      ...prefixed('item', item.init(rng.fork('item'))),
      ...prefixed('head', head.init(dimensions, rng.fork('head'))),
    }),
    userVectors: (all, inputs, context) => user.apply(scope(all, 'user.'), inputs, within('user.', context)),
    itemVectors: (all, inputs, context) => item.apply(scope(all, 'item.'), inputs, within('item.', context)),
    prepare: (all, items) => head.prepare(scope(all, 'head.'), items),
    pairs: (all, users, prepared, context) => head.pairs(scope(all, 'head.'), users, prepared, context),
    cross: (all, users, prepared) => head.cross(scope(all, 'head.'), users, prepared),
  };
}
