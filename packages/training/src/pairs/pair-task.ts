import { TowerkitError } from '@towerkit/core';
import { scope, type PairModel } from '@towerkit/towers';
import * as tf from '@tensorflow/tfjs-core';

import type { RowTask } from '../rows/row-step.js';

/** What a model of pairs is trained for: how much each loss weighs, 0 to leave it out. */
export interface PairObjective {
  /** Squared error between the output `rating`, added to the row's `offset`, and the row's `rating`. Default 1. */
  readonly rating?: number;
  /** Cross-entropy of the output `choice`, a logit, against the row's `chosen`. Default 1 where there is such an output. */
  readonly choice?: number;
}

/**
 * The training of a {@link PairModel} on rows of a user, an item and what became of it. Inputs: `user/<name>` and
 * `item/<name>` as the towers declare them, and
 *
 * - `rating`, `rated`, `offset` [1]: the rating, what its error weighs, and what the output is added to (a mean, say);
 * - `chosen` [1], with an output `choice`: 1 for what was taken, 0 for what was drawn.
 *
 * @throws TowerkitError `BAD_TOWER` for an output that is neither `rating` nor `choice`
 */
export function pairTask(model: PairModel, objective: PairObjective = {}): RowTask {
  const strange = model.outputs.find((name) => name !== 'rating' && name !== 'choice');
  if (strange !== undefined)
    throw new TowerkitError('BAD_TOWER', `there is no loss for the output "${strange}"`, {
      hint: 'the outputs that can be trained are rating and choice',
    });
  const has = (name: string) => model.outputs.includes(name);
  const weights = {
    rating: has('rating') ? (objective.rating ?? 1) : 0,
    choice: has('choice') ? (objective.choice ?? 1) : 0,
  };
  const inputs: Record<string, number> = {
    ...(has('rating') && { rating: 1, rated: 1, offset: 1 }),
    ...(has('choice') && { chosen: 1 }),
  };
  for (const [name, { dimensions }] of Object.entries(model.userInputs)) inputs[`user/${name}`] = dimensions;
  for (const [name, { dimensions }] of Object.entries(model.itemInputs)) inputs[`item/${name}`] = dimensions;
  const column = (x: tf.Tensor) => tf.reshape(x, [x.shape[0]]) as tf.Tensor1D;
  return {
    inputs,
    init: (rng) => model.init(rng),
    loss(parameters, given, context) {
      const users = model.userVectors(parameters, scope(given, 'user/'), context);
      const items = model.itemVectors(parameters, scope(given, 'item/'), context);
      const out = model.pairs(parameters, users, model.prepare(parameters, items), context);
      const losses: tf.Tensor1D[] = [];
      if (weights.rating > 0) {
        const error = tf.sub(tf.add(out.rating, column(given.offset)), column(given.rating));
        losses.push(tf.mul(tf.square(error), tf.mul(column(given.rated), weights.rating)));
      }
      if (weights.choice > 0) {
        // -log sigmoid(x) for what was taken, -log(1 - sigmoid(x)) for the rest.
        const signed = tf.mul(out.choice, tf.sub(1, tf.mul(2, column(given.chosen))));
        losses.push(tf.mul(tf.softplus(signed), weights.choice));
      }
      return losses.reduce((sum, loss) => tf.add(sum, loss));
    },
  };
}
