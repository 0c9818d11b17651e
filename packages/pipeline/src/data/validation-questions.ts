import { CsrMatrix, type Repeats } from '@towerkit/core';
import type { Entities } from '@towerkit/training';

import type { ResolvedConfig } from '../config/schema.js';
import { notRanked } from './feedback.js';
import { rollingRows, rowsAt } from './matrix-rows.js';
import type { Prepared } from './prepare.js';
import { momentsAt } from './prepare-moments.js';
import { rankingScope, type RankingScope } from './ranking-scope.js';

/** What is asked of a model on the validation targets. */
export interface ValidationQuestions {
  /** Questions x items: what is known of who asks. */
  readonly histories: CsrMatrix;
  /** Which items are ranked. */
  readonly scope: RankingScope;
  /** Questions x items. */
  readonly targets: CsrMatrix;
  /** User of each question; question `u` is that of user `u` when absent. */
  readonly users?: Int32Array;
  /** What is known of the moment of each question, [questions] rows. */
  readonly moments?: Entities;
}

/**
 * Which items are ranked for each user on the validation targets: those that an answer may hold.
 *
 * @returns users x items, in the form that `evaluateFullRanking` of `@towerkit/metrics` takes; `repeats` there may be another
 *   word than was asked for, as where all items but dislikes are allowed
 * @example
 * ```ts
 * const evaluation = await evaluateFullRanking({
 *   items: prepared.log.items.size,
 *   targets: prepared.targets,
 *   scorer,
 *   ...validationScope(prepared, config.repeats),
 * });
 * ```
 */
export const validationScope = (
  prepared: Pick<Prepared, 'histories' | 'feedback'>,
  repeats: Repeats,
): RankingScope =>
  rankingScope(repeats, {
    histories: prepared.histories,
    leftOut: notRanked(prepared),
    disliked: prepared.feedback?.parts.train.disliked,
  });

/**
 * The questions of the validation targets: one for each user, with all of their targets, or, where moments are read, one for
 * each target of a user with a history, at the target's own moment. Metrics are then means over targets: a user with many
 * counts more than one with few, and the user's other targets are items like all others. With `questions: 'rolling'` there is one
 * for each target, too, asked after the user's targets before it.
 */
export function validationQuestions(
  prepared: Pick<Prepared, 'split' | 'histories' | 'targets' | 'moments' | 'feedback'>,
  { repeats, questions }: Pick<ResolvedConfig, 'repeats' | 'questions'>,
): ValidationQuestions {
  const { histories, targets, moments } = prepared;
  const { validation } = prepared.split;
  const scope = validationScope(prepared, repeats);
  const rolling = questions === 'rolling';
  if (!moments && !rolling) return { histories, scope, targets };
  const users: number[] = [];
  const entries: number[] = [];
  for (let user = 0; user < histories.rows; user++)
    for (let entry = validation.indptr[user]; entry < validation.indptr[user + 1]; entry++) {
      const isKnown = histories.indptr[user + 1] > histories.indptr[user];
      if (!isKnown && !(rolling && entry > validation.indptr[user])) continue;
      users.push(user);
      entries.push(entry);
    }
  const before = (question: number) =>
    validation.indices.subarray(validation.indptr[users[question]], entries[question]);
  const asked = (matrix: CsrMatrix) => (rolling ? rollingRows(matrix, users, before) : rowsAt(matrix, users));
  return {
    histories: asked(histories),
    scope: { ...scope, histories: asked(scope.histories) },
    targets: CsrMatrix.fromRows(
      entries.map((entry) => [validation.indices[entry]]),
      histories.cols,
    ),
    users: Int32Array.from(users),
    ...(moments && {
      moments: momentsAt(
        moments,
        Int32Array.from(entries, (entry) => moments.rows.validation[entry]),
      ),
    }),
  };
}
