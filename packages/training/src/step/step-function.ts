import type { TensorFunction, TensorSpec } from '@towerkit/engine';
import {
  hardNegativeLoss,
  isMoment,
  positiveScores,
  rowContext,
  scope,
  trainingContext,
  type BatchRows,
  type LossBatch,
  type Parameters,
  type TwoTower,
} from '@towerkit/towers';
import * as tf from '@tensorflow/tfjs-core';

import type { BatchShape } from '../batches/batch.js';

/** The sizes a training graph is compiled for; a batch that has less is padded. */
export interface StepShape extends BatchShape {
  /** (row, column) pairs of the history mask. */
  readonly pairs: number;
}

/** A training step as a tensor function with its inputs, and the inputs whose gradient it gives. */
export interface StepFunction {
  readonly fn: TensorFunction;
  readonly inputs: Record<string, TensorSpec>;
  /** Names of the inputs that are trained: `parameter/*` and `item/*`, `user/*`, `moment/*` of the kind embedding. */
  readonly trained: string[];
  /** Weights that no gradient moves, `parameter/*`: the output `next/<weight>` is what they are after the step. */
  readonly kept: string[];
}

/**
 * Builds a model's training step for one shape. Its inputs:
 *
 * - `parameter/<name>`: the dense weights;
 * - `item/<name>` [rows, dimensions]: what the item tower reads, for each distinct item of the batch;
 * - `user/<name>` [batch, dimensions]: what the user tower reads, for each sequence; `moment/<name>` [positions, dimensions]
 *   for each position;
 * - `history` int32 [batch * steps]: the row of each input item, in right-padded sequences;
 * - `positions` int32 [positions]: the places that predict, in [batch * steps]; `position_user` their sequence,
 *   `seen` how many items they have seen, `weight` 1, or 0 for padding;
 * - `positives` int32 [positions]: the candidate column of each target; `rating` and `is_rated` (1, or 0 for
 *   a target without one) where the loss wants them;
 * - `known` [batch], where sequences may be without items: 0 for those;
 * - `candidate_ids` int32 [candidates], `teacher` [batch, candidates], `disliked` int32 [positions] (rows) with `dislikes`
 *   [positions] (1, or 0 for none), where the loss asks for them;
 * - `hard` int32 [positions * hard] (rows) with `hard_offsets` [positions, hard], where there are hard negatives;
 * - `item_rows` [rows]: 1, or 0 for padding, where the item tower takes statistics of a batch;
 * - `log_q` [candidates], `target_log_q` [positions]; `masked` int32 [pairs, 2].
 *
 * Its output `loss` is the weighted mean of the model's loss over the positions. Each distinct item goes through
 * the item tower once, however often the batch holds it.
 *
 * @param hardWeight what the loss of hard negatives weighs beside the model's
 */
export function stepFunction(
  model: TwoTower,
  parameters: Parameters,
  shape: StepShape,
  hardWeight = 1,
): StepFunction {
  const { batch, steps, positions, candidates, rows, pairs, unknown, dislikes, hard, whole } = shape;
  const hasHistory = 'history' in model.userInputs;
  const inputs: Record<string, TensorSpec> = {
    positions: { shape: [positions], dtype: 'int32' },
    position_user: { shape: [positions], dtype: 'int32' },
    positives: { shape: [positions], dtype: 'int32' },
    seen: { shape: [positions] },
    weight: { shape: [positions] },
    log_q: { shape: [candidates] },
    target_log_q: { shape: [positions] },
    masked: { shape: [pairs, 2], dtype: 'int32' },
    ...(hasHistory && { history: { shape: [batch * steps], dtype: 'int32' } }),
    ...(hasHistory && unknown && { known: { shape: [batch] } }),
    ...(model.loss.ratings && { rating: { shape: [positions] } }),
    ...(model.loss.partlyRated && { is_rated: { shape: [positions] } }),
    ...(model.loss.ids && { candidate_ids: { shape: [candidates], dtype: 'int32' } }),
    ...(model.loss.teacher && { teacher: { shape: [batch, candidates] } }),
    ...(dislikes && {
      disliked: { shape: [positions], dtype: 'int32' },
      dislikes: { shape: [positions] },
    }),
    ...(hard > 0 && {
      hard: { shape: [positions * hard], dtype: 'int32' },
      hard_offsets: { shape: [positions, hard] },
    }),
  };
  const trained: string[] = [];
  const kept: string[] = [];
  for (const [name, { shape, trained: moves = true }] of Object.entries(parameters)) {
    inputs[`parameter/${name}`] = { shape };
    (moves ? trained : kept).push(`parameter/${name}`);
  }
  const keeps = (side: string) => kept.some((name) => name.startsWith(`parameter/${side}.`));
  if (keeps('item')) inputs.item_rows = { shape: [rows] };
  for (const [side, declared, count] of [
    ['item', model.itemInputs, rows],
    ['user', model.userInputs, batch],
  ] as const)
    for (const [name, input] of Object.entries(declared)) {
      if (input.kind === 'history') continue;
      const key = isMoment(input) ? `moment/${name}` : `${side}/${name}`;
      inputs[key] = { shape: [isMoment(input) ? positions : count, input.dimensions] };
      if (input.kind === 'embedding') trained.push(key);
    }

  const fn: TensorFunction = (given, random) => {
    const weights = scope(given, 'parameter/');
    const next: Record<string, tf.Tensor> = {};
    const itemRows = keeps('item') ? keptRows(given.item_rows, next) : undefined;
    const items = model.itemVectors(weights, scope(given, 'item/'), rowContext(random, itemRows));
    const userInputs: Record<string, tf.Tensor> = { ...scope(given, 'user/'), ...scope(given, 'moment/') };
    if (hasHistory) {
      const history = tf.reshape(tf.gather(items, given.history), [batch, steps, model.dimensions]);
      // Padding behind a history is never read; where there is no history at all, its first place is.
      userInputs.history = unknown ? tf.mul(history, tf.reshape(given.known, [batch, 1, 1])) : history;
    }
    const context = trainingContext(
      given.positions as tf.Tensor1D,
      given.position_user as tf.Tensor1D,
      given.seen as tf.Tensor1D,
      random,
      keeps('user') ? keptRows(tf.sign(given.weight), next) : undefined,
    );
    const positives = given.positives as tf.Tensor1D;
    const asked = model.userQueries(weights, userInputs, context);
    const lossBatch: LossBatch = {
      users: asked.vectors,
      biasColumns: model.biasColumns,
      candidates: tf.slice(items, [0, 0], [candidates, model.dimensions]),
      positives,
      logQ: given.log_q as tf.Tensor1D,
      targetLogQ: given.target_log_q as tf.Tensor1D,
      masked: given.masked as tf.Tensor2D,
      ratings: given.rating as tf.Tensor1D | undefined,
      isRated: given.is_rated as tf.Tensor1D | undefined,
      ...(asked.ratings && {
        predictedRatings: tf.add(
          tf.sum(tf.mul(asked.ratings, tf.gather(items, positives)), 1),
          model.rating!.scale.offset,
        ) as tf.Tensor1D,
      }),
      ids: given.candidate_ids as tf.Tensor1D | undefined,
      ...(model.loss.teacher && { teacher: tf.gather(given.teacher, given.position_user) as tf.Tensor2D }),
      ...(dislikes && {
        disliked: {
          vectors: tf.gather(items, given.disliked) as tf.Tensor2D,
          present: given.dislikes as tf.Tensor1D,
        },
      }),
    };
    const weight = given.weight;
    const mean = (losses: tf.Tensor) => tf.div(tf.sum(tf.mul(losses, weight)), tf.sum(weight));
    if (whole && model.loss.mean) {
      const own = model.loss.mean(lossBatch, tf.div(weight, tf.sum(weight)) as tf.Tensor1D);
      const others = hard > 0 ? tf.mul(mean(hardLosses(lossBatch, items, given)), hardWeight) : undefined;
      return { loss: others ? tf.add(own, others) : own, ...next };
    }
    const own = model.loss.apply(lossBatch);
    const losses = hard > 0 ? tf.add(own, tf.mul(hardLosses(lossBatch, items, given), hardWeight)) : own;
    return { loss: mean(losses), ...next };
  };
  return { fn, inputs, trained, kept };
}

const hardLosses = (batch: LossBatch, items: tf.Tensor2D, given: Record<string, tf.Tensor>) =>
  hardNegativeLoss(
    batch.users,
    positiveScores(batch),
    tf.gather(items, given.hard),
    given.hard_offsets as tf.Tensor2D,
  );

/** A batch's rows, whose model says there what its weights that are not trained become: outputs `next/parameter/*`. */
export const keptRows = (present: tf.Tensor, next: Record<string, tf.Tensor>): BatchRows => ({
  present: present as tf.Tensor1D,
  keep: (name, value) => {
    next[`next/parameter/${name}`] = value;
  },
});
