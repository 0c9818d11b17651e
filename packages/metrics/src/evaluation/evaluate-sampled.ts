import { uniformSource, type Seed } from '../statistics/uniform-source.js';
import { requireCount } from '../validation.js';
import { countAtLeast } from './count-at-least.js';
import { usersToEvaluate, type Evaluation, type EvaluationOptions } from './evaluation.js';
import type { MetricKey } from './metric-key.js';
import { nonFiniteScore } from './non-finite-score.js';
import { RankTableBuilder } from './rank-table.js';
import { RowRanker } from './row-ranker.js';
import { sampleNegatives } from './sample-negatives.js';
import { scoreInBatches } from './score-in-batches.js';
import { DEFAULT_METRICS, summarizeRanks } from './summarize-ranks.js';

/** Options of {@link evaluateSampled}. */
export interface SampledOptions<K extends MetricKey = MetricKey> extends EvaluationOptions<K> {
  /** Negatives drawn for each user, 100 by default; all items that qualify when there are no more. */
  negatives?: number;
  /** Seed or uniform source of the negatives, 0 by default. The same seed and users give the same negatives. */
  seed?: Seed;
}

/**
 * Ranks each user's targets among a few items drawn uniformly from those that are ranked (by default all that are not in
 * the history) and no targets.
 *
 * Figures of this kind are far higher than those of full ranking and can order models differently (Krichene and
 * Rendle 2020): use it only to compare with work that reports it. Rules and result are those of
 * `evaluateFullRanking`; `candidates` tells how many items each user's ranking had.
 *
 * @throws TowerkitError as `evaluateFullRanking`
 */
export async function evaluateSampled<K extends MetricKey = (typeof DEFAULT_METRICS)[number]>(
  options: SampledOptions<K>,
): Promise<Evaluation<K>> {
  const { items, histories, scorer, negatives = 100, seed = 0, repeats } = options;
  const metrics = options.metrics ?? (DEFAULT_METRICS as readonly MetricKey[] as readonly K[]);
  requireCount('negatives', negatives);
  const uniform = uniformSource(seed);
  const { users, targets, missed, leftOut, leftOutTargets } = usersToEvaluate(options);
  const ranker = new RowRanker(items, histories, repeats);
  const builder = new RankTableBuilder(users, targets.indices.length);
  const drawn = new Int32Array(Math.min(negatives, items));
  await scoreInBatches(
    users,
    items,
    scorer,
    (place, scores, row) => {
      const user = users[place];
      if (countAtLeast(scores, row, row + items, 0) < 0) throw nonFiniteScore(scores, row, items, user);
      const own = targets.indices.subarray(targets.indptr[place], targets.indptr[place + 1]);
      ranker.enter(user, own);
      ranker.order(scores, row);
      const plain = ranker.candidates - own.length;
      const size = sampleNegatives(ranker.roles, plain, negatives, uniform, drawn);
      for (let i = 0; i < own.length; i++) {
        const threshold = scores[row + own[i]];
        let rank = i + 1;
        for (let j = 0; j < size; j++) rank += +(scores[row + drawn[j]] >= threshold);
        builder.push(rank);
      }
      builder.close(own.length, size + own.length, missed[place]);
      ranker.leave();
    },
    options,
  );
  const table = builder.finish();
  return { ...summarizeRanks(table, metrics, options), ...table, leftOut, leftOutTargets };
}
