import { TowerkitError, type CsrMatrix } from '@towerkit/core';
import type { Loss } from '@towerkit/towers';

import { checkEntities, type Entities } from './entities.js';
import { checkExamples, type Examples } from './examples.js';

/** What a two-tower learns from. */
export interface TrainingData {
  /**
   * Users x items: each row the user's training items from oldest to newest (an item may repeat). `values`,
   * where present, are ratings.
   */
  readonly histories: CsrMatrix;
  /** What is to be predicted. Default: every item of a history after those before it. */
  readonly examples?: Examples;
  /** What users are known not to want, users x items, for losses that learn from it (`dislikes`). */
  readonly disliked?: CsrMatrix;
  readonly items?: Entities;
  readonly users?: Entities;
}

/** The part of the data that batches are made of. */
export type BatchData = Pick<TrainingData, 'histories' | 'examples' | 'disliked'>;

/** What batches are made of: dislikes only where the loss learns from them. */
export const batchData = (loss: Loss, { histories, examples, disliked }: TrainingData): BatchData => ({
  histories,
  examples,
  ...(loss.dislikes && { disliked }),
});

/** Items that are neither in a history nor a target, ascending. */
export function unseenItems({ histories, examples }: BatchData): number[] {
  const times = histories.columnCounts();
  for (const item of examples?.items ?? []) times[item]++;
  const unseen: number[] = [];
  times.forEach((count, item) => count === 0 && unseen.push(item));
  return unseen;
}

/** Users who are asked nothing in training, ascending. */
export function unseenUsers({ histories: { rows, indptr }, examples }: BatchData): number[] {
  const asked = new Set(examples?.users);
  const unseen: number[] = [];
  for (let user = 0; user < rows; user++)
    if (examples ? !asked.has(user) : indptr[user + 1] - indptr[user] < 2) unseen.push(user);
  return unseen;
}

/**
 * Checks that every category and feature has one row per entity and codes within range, and that examples fit the histories.
 *
 * @throws TowerkitError `EMPTY_DATA`; `BAD_DATA` naming the side and the field, or the example
 */
export function checkData({ histories, examples, disliked, items = {}, users = {} }: TrainingData): void {
  if (histories.rows === 0 || histories.cols === 0)
    throw new TowerkitError(
      'EMPTY_DATA',
      `nothing to train on: ${histories.rows} users and ${histories.cols} items`,
    );
  checkEntities('item', items, histories.cols);
  checkEntities('user', users, histories.rows);
  if (examples) checkExamples(examples, histories);
  if (disliked && (disliked.rows !== histories.rows || disliked.cols !== histories.cols))
    throw bad(
      `dislikes of ${disliked.rows} users x ${disliked.cols} items for histories of ${histories.rows} x ${histories.cols}`,
    );
}

/**
 * Checks that the data has what a loss learns from.
 *
 * @throws TowerkitError `NO_RATINGS` when it needs ratings and the data has none; `BAD_DATA` for one that is no number
 */
export function checkRatings(loss: Loss, { histories: { values, indptr }, examples }: TrainingData): void {
  if (!loss.ratings) return;
  const ratings = examples ? examples.ratings : values;
  if (!ratings)
    throw new TowerkitError('NO_RATINGS', `the loss "${loss.name}" needs ratings, and the data has none`, {
      hint: 'give the histories ratings as their values (map a rating column), or choose a ranking loss such as sampledSoftmax()',
      details: { loss: loss.name },
    });
  const isMissing = (value: number) => loss.partlyRated === true && Number.isNaN(value);
  const place = ratings.findIndex((value) => !Number.isFinite(value) && !isMissing(value));
  if (place < 0) return;
  if (examples) throw bad(`the rating of example ${place} is ${ratings[place]}, not a number`);
  const user = indptr.findIndex((end) => end > place) - 1;
  throw bad(`the rating ${place - indptr[user]} of user ${user} is ${ratings[place]}, not a number`);
}

const bad = (message: string) => new TowerkitError('BAD_DATA', message);
