import { TRAIN } from '../split.js';
import type { LearningRows } from './learning-rows.js';
import type { FeedbackRows } from './row-parts.js';
import { DISLIKE, HISTORY, TARGET } from './row-uses.js';
import type { FeedbackRules } from './rules.js';

/** What rows count as, in numbers. */
export interface FeedbackSummary {
  /** Rows of each kind, in the order of the rules, and how many of them are what; absent without kinds. */
  readonly kinds?: readonly {
    readonly kind: string;
    readonly rows: number;
    readonly history: number;
    readonly targets: number;
    readonly dislikes: number;
  }[];
  /** Rows that say what a user does not want, and those of them in the training part. */
  readonly dislikes: { readonly rows: number; readonly training: number };
  /** Weights of the training rows that weigh something, whose mean is 1, and how many weigh nothing; absent without weights. */
  readonly weights?: { readonly least: number; readonly most: number; readonly nothing: number };
}

/** Counts what the rows of a log count as, of the kinds that are not left out. */
export function summarizeFeedback(
  rows: FeedbackRows,
  { interactions: { values } }: Pick<LearningRows, 'interactions'>,
  { kinds = {} }: FeedbackRules,
): FeedbackSummary {
  const { log, uses, part } = rows;
  const count = (of: (row: number) => unknown) => {
    let counted = 0;
    for (let row = 0; row < uses.length; row++) if (of(row)) counted++;
    return counted;
  };
  const { kind } = log;
  const some = values?.filter((value) => value > 0);
  return {
    ...(kind && {
      kinds: Object.keys(kinds)
        .filter((name) => !kinds[name].exclude)
        .map((name) => {
          const code = kind.names.indexOf(name);
          const own = (use: number) => count((row) => kind.codes[row] === code && uses[row] & use);
          return {
            kind: name,
            rows: count((row) => kind.codes[row] === code),
            ...{ history: own(HISTORY), targets: own(TARGET), dislikes: own(DISLIKE) },
          };
        }),
    }),
    dislikes: {
      rows: count((row) => uses[row] & DISLIKE),
      training: count((row) => uses[row] & DISLIKE && part[row] === TRAIN),
    },
    ...(some && {
      weights: {
        least: some.reduce((a, b) => Math.min(a, b), Infinity),
        most: some.reduce((a, b) => Math.max(a, b), 0),
        nothing: values!.length - some.length,
      },
    }),
  };
}
