import { TowerkitError, type Rng } from '@towerkit/core';
import type { Feeds } from '@towerkit/engine';
import { UNKNOWN_SCORE } from '@towerkit/towers';

import type { Batch } from '../batches/batch.js';
import type { AdamSettings } from '../optimizer/adam.js';
import type { ModelState } from '../tables/model-state.js';
import type { Teacher } from '../loop/options.js';
import type { CompiledStep } from './compiled-steps.js';
import type { Profile } from './profile.js';
import type { StepShape } from './step-function.js';

/** How a step moves the weights. */
export interface StepUpdate {
  /** Number of this step over the whole training, from 1. */
  readonly step: number;
  readonly learningRate: number;
  readonly tableLearningRate: number;
  /** For dense weights. */
  readonly dense: AdamSettings;
  /** For the rows of embedding tables. */
  readonly tables: AdamSettings;
}

const ONLY_ROW = Int32Array.of(0);

/** All that a step takes. */
export interface StepRun {
  readonly state: ModelState;
  readonly step: CompiledStep;
  readonly batch: Batch;
  readonly update: StepUpdate;
  readonly rng: Rng;
  readonly buffers: FeedBuffers;
  readonly profile: Profile;
  readonly teacher?: Teacher;
}

/** Feeds that are kept from step to step, so that the large ones are allocated once per shape. */
export type FeedBuffers = Map<string, Float32Array>;

/**
 * One training step: gathers the rows of the batch, runs the compiled step, and, when the loss is finite, applies
 * Adam to the dense weights and lazy Adam to the rows touched.
 *
 * @returns the loss; when it is not finite nothing was changed
 */
export async function runStep(given: StepRun): Promise<number> {
  const { state, batch, update, rng, buffers, teacher, profile } = given;
  const { compiled, trained, kept, shape, inputs } = given.step;
  profile.begin('gather');
  const feeds: Feeds = {};
  for (const [name, values] of Object.entries(batchFeeds(batch, shape, inputs)))
    if (values && name in inputs) feeds[name] = values;
  for (const [name, { table }] of Object.entries(state.parameters)) feeds[name] = table.values;
  for (const [name, rows] of Object.entries(state.inputs)) {
    const [entities, count, capacity] = entitiesOf(name, batch, shape);
    let buffer = buffers.get(name);
    if (!buffer) buffers.set(name, (buffer = new Float32Array(capacity * rows.dimensions)));
    rows.gather(entities, count, buffer);
    buffer.fill(0, count * rows.dimensions); // padding must be finite: it meets a weight of exactly zero
    feeds[name] = buffer;
  }
  if ('teacher' in inputs) feeds.teacher = await teacherScores(teacher, batch, shape);

  profile.begin('step');
  const { outputs, gradients } = await compiled.run(feeds, rng);
  const loss = outputs.loss[0];
  if (!Number.isFinite(loss)) return loss;

  profile.begin('update');
  const { step, learningRate, tableLearningRate, dense, tables } = update;
  for (const name of trained) {
    const gradient = gradients[name];
    const weights = state.parameters[name];
    if (weights) weights.table.update(ONLY_ROW, 1, gradient, step, learningRate, dense);
    else {
      const [entities, count] = entitiesOf(name, batch, shape);
      state.inputs[name].update!(entities, count, gradient, step, tableLearningRate, tables);
    }
  }
  for (const name of kept) state.parameters[name].table.values.set(outputs[`next/${name}`]);
  return loss;
}

/** Whose rows an input holds, how many there are, and how many it has room for. */
function entitiesOf(name: string, batch: Batch, shape: StepShape): [Int32Array, number, number] {
  if (name.startsWith('item/')) return [batch.items, batch.itemCount, shape.rows];
  if (name.startsWith('moment/')) return [batch.moments!, batch.examples, shape.positions];
  return [batch.users, batch.userCount, shape.batch];
}

/** What the batch itself gives to a step. What few steps read is made for those alone. */
function batchFeeds(
  batch: Batch,
  shape: StepShape,
  inputs: CompiledStep['inputs'],
): Record<string, Float32Array | Int32Array | undefined> {
  const maybeRated = 'is_rated' in inputs ? batch.rating : undefined;
  return {
    history: batch.history,
    positions: batch.positions,
    position_user: batch.positionUser,
    positives: batch.positives,
    seen: batch.seen,
    weight: batch.weight,
    log_q: batch.logQ,
    target_log_q: batch.targetLogQ,
    masked: paddedPairs(batch.masked, shape),
    rating: maybeRated?.map((rating) => (Number.isNaN(rating) ? 0 : rating)) ?? batch.rating,
    is_rated: maybeRated?.map((rating) => (Number.isNaN(rating) ? 0 : 1)),
    known: batch.known,
    hard: batch.hard,
    hard_offsets: batch.hardOffsets,
    item_rows: 'item_rows' in inputs ? new Float32Array(shape.rows).fill(1, 0, batch.itemCount) : undefined,
    candidate_ids: batch.items.subarray(0, shape.candidates),
    disliked: batch.disliked?.map((row) => Math.max(0, row)),
    dislikes: batch.disliked && Float32Array.from(batch.disliked, (row) => (row < 0 ? 0 : 1)),
  };
}

/** The mask's pairs; the rest of its room points at the padding column. */
function paddedPairs(pairs: Int32Array, { pairs: capacity, candidates }: StepShape): Int32Array {
  const padded = new Int32Array(2 * capacity);
  padded.set(pairs);
  for (let at = pairs.length; at < padded.length; at += 2) padded[at + 1] = candidates - 1;
  return padded;
}

/** What the teacher makes of the batch's users and candidates, padded: [batch, candidates]. */
async function teacherScores(
  teacher: Teacher | undefined,
  { users, userCount, items, itemCount }: Batch,
  { batch, candidates }: StepShape,
): Promise<Float32Array> {
  const columns = Math.min(itemCount, candidates);
  const scores = await teacher!.scores(users.subarray(0, userCount), items.subarray(0, columns));
  if (scores.length !== userCount * columns)
    throw new TowerkitError(
      'SHAPE_MISMATCH',
      `the teacher gave ${scores.length} scores for ${userCount} x ${columns}`,
    );
  const padded = new Float32Array(batch * candidates);
  for (let row = 0; row < userCount; row++)
    for (let column = 0; column < columns; column++) {
      const score = scores[row * columns + column];
      padded[row * candidates + column] = Number.isNaN(score) ? UNKNOWN_SCORE : score;
    }
  return padded;
}
