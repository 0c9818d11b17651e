import { concatRows, type ArtifactContents } from '@towerkit/artifact';
import type { CsrMatrix } from '@towerkit/core';
import type { RowExamples } from '@towerkit/data';

import { learn, type LearnedParts } from '../data/feedback.js';
import type { Prepared } from '../data/prepare.js';
import { withoutRatings } from '../data/ratings.js';

/** The rows that a tower is trained on, each matrix users x items. */
export interface TrainingRows {
  /** With ratings as values where there are any. */
  readonly histories: CsrMatrix;
  /** What models without histories learn from, such as ALS, with weights as values where there are any. */
  readonly interactions: CsrMatrix;
  /** Absent where every item of a history after the first is one. */
  readonly examples?: RowExamples;
  readonly disliked?: CsrMatrix;
}

/**
 * The rows of some parts.
 *
 * @param first whether targets before which no history is known are examples too; only asked where rows count as something
 */
export function trainingRows(
  { histories: own, split, feedback }: Pick<Prepared, 'histories' | 'split' | 'feedback'>,
  parts: LearnedParts,
  first = false,
): TrainingRows {
  if (feedback) return learn(feedback, parts, first);
  const histories = parts === 'train' ? own : concatRows(split.train, split.validation);
  return { histories, interactions: withoutRatings(histories) };
}

/** What an artifact holds of a model that was refitted, in place of what it holds of one that was not. */
export function refittedContents(
  prepared: Pick<Prepared, 'histories' | 'split' | 'feedback'>,
): Pick<ArtifactContents, 'histories' | 'validation' | 'feedback' | 'counts'> {
  const { histories, interactions, disliked } = trainingRows(prepared, 'train and validation');
  const { feedback } = prepared;
  if (!feedback || !disliked) return { histories, validation: undefined };
  const { train, validation, test } = feedback.parts;
  const taken = validation ? concatRows(train.taken, validation.taken) : train.taken;
  return {
    histories,
    validation: undefined,
    feedback: { train: { taken, disliked }, ...(test && { test }) },
    counts: interactions.columnCounts(),
  };
}
