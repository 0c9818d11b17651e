import { requireCount } from '../validation.js';
import type { BlockScorer } from './block-scorer.js';
import type { EvaluableUsers } from './evaluable-users.js';
import { usersToEvaluate, type Evaluation, type EvaluationOptions } from './evaluation.js';
import type { MetricKey } from './metric-key.js';
import { rankInBlocks } from './rank-in-blocks.js';
import { RankTableBuilder, type RankTable } from './rank-table.js';
import { RowRanker } from './row-ranker.js';
import { scoreInBatches } from './score-in-batches.js';
import { deepest, DEFAULT_METRICS, summarizeRanks } from './summarize-ranks.js';

/** Options of {@link evaluateFullRanking}. */
export interface FullRankingOptions<K extends MetricKey = MetricKey> extends EvaluationOptions<K> {
  /** Also return each user's best `lists` items, for coverage, novelty, diversity and Gini. None by default. */
  lists?: number;
  /**
   * Scores as those of `scorer`, a block of items at a time: used in its place where every user has one target and all metrics have a
   * cutoff, as most users then need few blocks. `ranks` beyond the deepest cutoff are then only known to be that.
   */
  blocks?: BlockScorer;
}

/** The outcome of {@link evaluateFullRanking}. */
export interface FullRankingEvaluation<K extends string = MetricKey> extends Evaluation<K> {
  /** Best items of each user, best first, -1 where fewer are left, shape [n * lists]; present when asked for. */
  readonly lists?: Int32Array;
}

/**
 * Ranks every item for every user, the user's history removed unless `repeats` says otherwise, and reports where the
 * targets landed.
 *
 * Rules: a tie counts against the target; a target that is not ranked, such as one that repeats a history which is
 * removed, is no target and counted, and a user left without one is left out and counted; an item that was never seen in training stays a target and gets the rank its
 * score earns; a score that is not finite is an error. A rank costs one pass over the row, no sort.
 *
 * @example
 * ```ts
 * const { metrics, leftOut } = await evaluateFullRanking({
 *   items: 4,
 *   histories: { indptr: Int32Array.of(0, 1, 2), indices: Int32Array.of(0, 3) },
 *   targets: Int32Array.of(2, 3), // user 1's target repeats the history
 *   scorer: (users, out) => users.forEach((_, row) => out.set([0.9, 0.1, 0.5, 0.7], row * 4)),
 *   metrics: ['hr@1', 'ndcg@2'],
 * });
 * metrics['ndcg@2'].value; // 1 / log2(3): item 3 is ahead of item 2
 * leftOut.repeat; // 1
 * ```
 * @throws TowerkitError `NO_USERS`, `NON_FINITE_SCORE`, `SHAPE_MISMATCH`, `BAD_ITEM`, `BAD_USER`, `DUPLICATE_USER`,
 * `BAD_METRIC`, `BAD_K`, `BAD_OPTION`, `BAD_SEED`; `NO_NEGATIVES` from `auc` when every user has targets only
 */
export async function evaluateFullRanking<K extends MetricKey = (typeof DEFAULT_METRICS)[number]>(
  options: FullRankingOptions<K>,
): Promise<FullRankingEvaluation<K>> {
  const { lists } = options;
  const metrics = options.metrics ?? (DEFAULT_METRICS as readonly MetricKey[] as readonly K[]);
  const depth = deepest(metrics);
  if (lists !== undefined) requireCount('lists', lists);
  const asked = usersToEvaluate(options);
  const { users, leftOut, leftOutTargets } = asked;
  const best = lists === undefined ? undefined : new Int32Array(users.length * lists);
  const table = (await tableInBlocks(asked, depth, options)) ?? (await tableOf(asked, depth, options, best));
  return {
    ...summarizeRanks(table, metrics, options),
    ...table,
    leftOut,
    leftOutTargets,
    ...(best && { lists: best }),
  };
}

/** Ranks by blocks, where they are given and tell all that is asked. */
async function tableInBlocks(
  asked: EvaluableUsers,
  depth: number,
  { blocks, items, histories, lists, repeats = 'exclude', onProgress }: FullRankingOptions,
): Promise<RankTable | undefined> {
  const { users, targets, missed } = asked;
  const single = targets.indices.length === users.length && !missed.some((count) => count > 0);
  if (!blocks || !single || depth === Infinity || lists !== undefined || repeats === 'only') return undefined;
  return rankInBlocks(asked, { items, histories, repeats, depth, scorer: blocks, onProgress });
}

/** Ranks by whole rows of scores; writes the best items to `best`. */
async function tableOf(
  { users, targets, missed }: EvaluableUsers,
  depth: number,
  options: FullRankingOptions,
  best: Int32Array | undefined,
): Promise<RankTable> {
  const { items, histories, scorer, lists, repeats } = options;
  const ranker = new RowRanker(items, histories, repeats);
  const builder = new RankTableBuilder(users, targets.indices.length);
  await scoreInBatches(
    users,
    items,
    scorer,
    (place, scores, row) => {
      const user = users[place];
      ranker.enter(user, targets.indices.subarray(targets.indptr[place], targets.indptr[place + 1]));
      ranker.rank(scores, row, user, depth, builder, missed[place]);
      if (best) ranker.list(scores, row, best, place * lists!, lists!);
      ranker.leave();
    },
    options,
  );
  return builder.finish();
}
