import { TowerkitError } from '../errors.js';
import type { EstimateOptions } from '../statistics/estimate.js';
import { requireCount } from '../validation.js';
import { requireRows, singleRows, type CsrRows } from './csr-rows.js';
import { evaluableUsers, type EvaluableUsers, type LeftOut, type LeftOutTargets } from './evaluable-users.js';
import type { MetricKey } from './metric-key.js';
import type { RankTable } from './rank-table.js';
import { sampleUsers, type UserSample } from './sample-users.js';
import type { ScoringOptions } from './score-in-batches.js';
import type { Scorer } from './scorer.js';
import type { RankSummary } from './summarize-ranks.js';
import { requireTargetRules, type Repeats, type UnknownItems } from './target-rules.js';

/** What full and sampled evaluation have in common. */
export interface EvaluationOptions<K extends MetricKey = MetricKey> extends ScoringOptions, EstimateOptions {
  /** Number of items: ids are 0 to items - 1. */
  items: number;
  /** Each user's known items; `repeats` says what becomes of them. Row `u` belongs to user `u`. */
  histories: CsrRows;
  /** Each user's relevant items: rows as in `histories`, or an array with the one target of each user (shape [users]). */
  targets: CsrRows | Int32Array;
  /**
   * What becomes of the items of a user's own history: left out of the ranking (`exclude`, the default), ranked among all
   * others (`allow`), or all that is ranked (`only`). A target that is not ranked is none, and is counted.
   */
  repeats?: Repeats;
  /**
   * What becomes of targets that are -1: ignored (`leave-out`, the default), or each a target that no list holds
   * (`miss`): it lowers recall and the rest, and a user who has no others counts. With `repeats: 'only'` it is left out as new.
   */
  unknownItems?: UnknownItems;
  /** Scores every item for a batch of users. */
  scorer: Scorer;
  /** User ids to evaluate, each once; -1 is a user the model does not know. All users by default. */
  users?: ArrayLike<number>;
  /** Metric keys, `hr@10`, `ndcg@10` and `hr@20` by default. */
  metrics?: readonly K[];
  /** Evaluate a seeded sample of the evaluable users only, for a quick look. */
  sample?: UserSample;
}

/** The outcome of an evaluation: metrics with intervals, values per user, ranks, and who was left out. */
export interface Evaluation<K extends string = MetricKey> extends RankSummary<K>, RankTable {
  readonly leftOut: LeftOut;
  /** Targets that `repeats` leaves out; before a sample is drawn. */
  readonly leftOutTargets: LeftOutTargets;
}

/**
 * Checks the options and finds the users to evaluate.
 *
 * @throws TowerkitError `NO_USERS` when none is left
 */
export function usersToEvaluate(options: EvaluationOptions<MetricKey>): EvaluableUsers {
  const { items, histories, sample, repeats = 'exclude', unknownItems = 'leave-out' } = options;
  requireCount('items', items);
  requireTargetRules(repeats, unknownItems);
  const targets = 'indptr' in options.targets ? options.targets : singleRows(options.targets);
  const rows = requireRows('histories', histories, items);
  const targetRows = requireRows('targets', targets, items);
  if (targetRows !== rows)
    throw new TowerkitError('SHAPE_MISMATCH', `histories have ${rows} users, targets ${targetRows}`);
  const users = options.users ?? Int32Array.from({ length: rows }, (_, user) => user);
  const all = evaluableUsers(users, histories, targets, items, repeats, unknownItems);
  if (all.users.length === 0)
    throw new TowerkitError(
      'NO_USERS',
      `none of ${users.length} users can be evaluated${whyNone(all, repeats)}`,
      {
        hint:
          repeats === 'exclude' && all.leftOut.repeat > 0
            ? 'give targets that came after the history, or rank its items too: repeats allow'
            : undefined,
        details: { ...all.leftOut },
      },
    );
  return sample ? sampleUsers(all, sample) : all;
}

/** Why nobody is left, with the number of users for each reason. */
function whyNone({ leftOut }: EvaluableUsers, repeats: Repeats): string {
  const { repeat, newItem, unknownUser, unknownItem } = leftOut;
  const reasons = [
    [
      repeat,
      repeats === 'exclude' ? 'have targets of their own history alone' : 'have disliked targets alone',
    ],
    [newItem, 'have targets that are new to them alone'],
    [unknownUser, 'are unknown'],
    [unknownItem, 'have unknown items alone'],
  ].flatMap(([count, what]) => (count ? [`${count} ${what}`] : []));
  return reasons.length > 0 ? `: ${reasons.join(', ')}` : '';
}
