import { concatRows } from '@towerkit/artifact';
import { CsrMatrix } from '@towerkit/core';
import { isMoment, type TwoTower } from '@towerkit/towers';
import { nextItems, type Examples } from '@towerkit/training';

import type { LearnedParts } from '../data/feedback.js';
import type { Prepared } from '../data/prepare.js';
import { momentsAt } from '../data/prepare-moments.js';
import type { TrainingRows } from './training-rows.js';

const readsMoments = ({ userInputs }: TwoTower): boolean => Object.values(userInputs).some(isMoment);

/**
 * Whether there is something to learn from before a history: the user tower reads features of users, or moments, or the model
 * predicts ratings, which need no history.
 */
export const readsMore = (model: TwoTower): boolean =>
  model.rating !== undefined ||
  readsMoments(model) ||
  Object.values(model.userInputs).some((input) => input.kind !== 'history' && input.of !== 'id');

/**
 * The examples of a model that reads more than histories, or of rows that count as something. Of a newcomer nothing but features
 * and the moment is known, and first items teach what to make of them. Each example has the moment of its target.
 *
 * @returns `undefined` for the usual examples
 */
export function examplesOf(
  model: TwoTower,
  { histories, examples }: Pick<TrainingRows, 'histories' | 'examples'>,
  { moments, split, log }: Pick<Prepared, 'moments' | 'split' | 'log'>,
  parts: LearnedParts,
): Examples | undefined {
  // The usual ones are as many as there are entries, in their order.
  const own = examples ?? (readsMore(model) ? nextItems(histories, { first: true }) : undefined);
  if (!own || !moments || !readsMoments(model)) return own;
  const rows = examples?.rows ?? logRowsOf(split, moments.rows, log.user.length, parts);
  return { ...own, moments: momentsAt(moments, rows) };
}

/** Row of the log behind each entry of the rows that are learned from. */
export function logRowsOf(
  { train, validation }: Prepared['split'],
  rows: NonNullable<Prepared['moments']>['rows'],
  ofLog: number,
  parts: LearnedParts,
): Int32Array {
  if (parts === 'train') return rows.train;
  const asMatrix = ({ rows: users, indptr }: CsrMatrix, logRows: Int32Array) =>
    new CsrMatrix(users, ofLog, indptr, logRows);
  return concatRows(asMatrix(train, rows.train), asMatrix(validation, rows.validation)).indices;
}
