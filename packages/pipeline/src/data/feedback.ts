import { leftOutIn, type ArtifactFeedback } from '@towerkit/artifact';
import { isTowerkitError, Rng, type CsrMatrix } from '@towerkit/core';
import {
  coreWithDislikes,
  dislikedOf,
  feedbackSplit,
  historiesOf,
  lastTargetsOut,
  learningRows,
  randomParts,
  rowUses,
  takenOf,
  temporalParts,
  TEST,
  TRAIN,
  VALIDATION,
  type FeedbackRows,
  type FeedbackRules,
  type InteractionLog,
  type LearningRows,
  type RowUses,
  type Split,
} from '@towerkit/data';

import { TowerkitError } from '../errors.js';
import { nearestName } from '../config/nearest-name.js';
import type { ResolvedConfig } from '../config/schema.js';
import type { SplitRule } from './split-log.js';
import { temporalBounds } from './temporal-bounds.js';

/** A log split by what its rows count as. */
export interface FeedbackData {
  readonly log: InteractionLog;
  readonly split: Split;
  readonly feedback: Feedback;
}

/** What the rows of a split log count as. */
export interface Feedback {
  readonly rules: FeedbackRules;
  readonly rows: FeedbackRows;
  /** What entered histories, was taken and is disliked, part by part. */
  readonly parts: ArtifactFeedback;
}

/**
 * Cuts a log down to the k-core and splits it by what its rows count as.
 *
 * @throws TowerkitError `UNKNOWN_KIND`; what splitting throws
 */
export function splitFeedback(
  log: InteractionLog,
  rules: FeedbackRules,
  { data: { kCore }, split, seed }: Pick<ResolvedConfig, 'data' | 'split' | 'seed'>,
): FeedbackData {
  const kept = kCore ? coreWithDislikes(log, rowUses(log, rules), kCore) : log;
  const uses = rowUses(kept, rules);
  const rule = split ?? { kind: 'leave-last-out' };
  const rows = { log: kept, ...uses, part: partsOf(kept, uses, rule, seed) };
  return assemble(rows, rules, hasTest(rule));
}

/** The same of a log whose parts are given. */
export const assembleFeedback = (
  { log, part }: { readonly log: InteractionLog; readonly part: Uint8Array },
  rules: FeedbackRules,
  withTest: boolean,
): FeedbackData => assemble({ log, ...rowUses(log, rules), part }, rules, withTest);

const hasTest = (rule: SplitRule): boolean =>
  rule.kind === 'leave-last-two-out' ||
  (rule.kind === 'temporal' && (rule.test ?? rule.shares?.test) !== undefined) ||
  (rule.kind === 'random' && (rule.test ?? 0) > 0);

function partsOf(log: InteractionLog, uses: RowUses, rule: SplitRule, seed: number): Uint8Array {
  switch (rule.kind) {
    case 'leave-last-out':
      return lastTargetsOut(log, uses, 1);
    case 'leave-last-two-out':
      return lastTargetsOut(log, uses, 2);
    case 'temporal':
      return temporalParts(log, temporalBounds(log, rule));
    case 'random':
      return randomParts(log, uses, rule, new Rng(seed).fork('split'));
  }
}

function assemble(rows: FeedbackRows, rules: FeedbackRules, withTest: boolean): FeedbackData {
  const toldOf = (wanted: number) => ({
    taken: takenOf(rows, (part) => part === wanted),
    disliked: dislikedOf(rows, (part) => part === wanted),
  });
  const of = (wanted: number) => ({
    history: historiesOf(rows, (part) => part === wanted),
    ...toldOf(wanted),
  });
  const parts = {
    train: toldOf(TRAIN),
    validation: of(VALIDATION),
    ...(withTest && { test: of(TEST) }),
  };
  return { log: rows.log, split: feedbackSplit(rows, withTest), feedback: { rules, rows, parts } };
}

/** The parts of a split to learn from: the training rows, or for a refit the validation rows too. */
export type LearnedParts = 'train' | 'train and validation';

/** What there is to learn from rows that count as something. @param first see `learningRows` of `@towerkit/data` */
export const learn = ({ rules, rows }: Feedback, parts: LearnedParts, first = false): LearningRows =>
  learningRows(rows, {
    last: parts === 'train' ? TRAIN : VALIDATION,
    halfLife: rules.weights?.halfLife,
    first,
  });

/** Items that are not ranked for users on the validation targets: those of their histories, unless rows count as something. */
export const notRanked = ({
  histories,
  feedback,
}: {
  readonly histories: CsrMatrix;
  readonly feedback?: Pick<Feedback, 'parts'>;
}): CsrMatrix => (feedback ? leftOutIn(feedback.parts.train) : histories);

/** Targets that are not ranked for their user. */
export function repeatsOf(targets: CsrMatrix, leftOut: CsrMatrix): number {
  let repeats = 0;
  for (let user = 0; user < targets.rows; user++) {
    const own = new Set(leftOut.row(user));
    for (const item of targets.row(user)) if (own.has(item)) repeats++;
  }
  return repeats;
}

/** Runs work that reads kinds, and says of one that a config does not name which it may mean. */
export async function withKindHints<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isTowerkitError(error, 'UNKNOWN_KIND')) throw error;
    const { kind, kinds } = error.details as { kind: string; kinds: string[] };
    const close = nearestName(kind, kinds);
    throw new TowerkitError('UNKNOWN_KIND', error.message, {
      hint: `data.kinds names ${kinds.join(', ')}: ${close ? `is it "${close}"? Else say` : 'say'} there what this one counts as, such as {exclude: true}`,
      details: error.details,
      cause: error,
    });
  }
}
