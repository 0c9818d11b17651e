import { CsrMatrix, type Repeats } from '@towerkit/core';
import type { Entities } from '@towerkit/training';

import { notRanked } from './feedback.js';
import type { Prepared } from './prepare.js';
import { momentsAt } from './prepare-moments.js';

/** What is asked of a model on the validation targets. */
export interface ValidationQuestions {
  /** Questions x items: what is known of who asks. */
  readonly histories: CsrMatrix;
  /** Questions x items: what repeats are told by, as `evaluateFullRanking` does; the histories, unless rows count as something. */
  readonly leftOut: CsrMatrix;
  /** Questions x items. */
  readonly targets: CsrMatrix;
  /** User of each question; question `u` is that of user `u` when absent. */
  readonly users?: Int32Array;
  /** What is known of the moment of each question, [questions] rows. */
  readonly moments?: Entities;
}

/**
 * The questions of the validation targets: one for each user, with all of their targets, or, where moments are read, one for
 * each target of a user with a history, at the target's own moment. Metrics are then means over targets: a user with many
 * counts more than one with few, and the user's other targets are items like all others.
 */
export function validationQuestions(
  prepared: Pick<Prepared, 'split' | 'histories' | 'targets' | 'moments' | 'feedback'>,
  repeats: Repeats,
): ValidationQuestions {
  const { histories, targets, moments } = prepared;
  const { validation } = prepared.split;
  // Where repeats are ranked, too, what was taken and what is refused need not be left out.
  const leftOut = repeats === 'exclude' ? notRanked(prepared) : histories;
  if (!moments) return { histories, leftOut, targets };
  const users: number[] = [];
  const entries: number[] = [];
  for (let user = 0; user < histories.rows; user++)
    if (histories.indptr[user + 1] > histories.indptr[user])
      for (let entry = validation.indptr[user]; entry < validation.indptr[user + 1]; entry++) {
        users.push(user);
        entries.push(entry);
      }
  const rowsOf = (lists: ArrayLike<number>[]) => CsrMatrix.fromRows(lists, histories.cols);
  return {
    histories: rowsOf(users.map((user) => histories.row(user))),
    leftOut: rowsOf(users.map((user) => leftOut.row(user))),
    targets: rowsOf(entries.map((entry) => [validation.indices[entry]])),
    users: Int32Array.from(users),
    moments: momentsAt(
      moments,
      Int32Array.from(entries, (entry) => moments.rows.validation[entry]),
    ),
  };
}
