import { TowerkitError } from '../errors.js';
import { aucFromRanks } from '../ranking/auc.js';
import { averagePrecisionFromRanks } from '../ranking/average-precision.js';
import { cappedRecallFromRanks } from '../ranking/capped-recall.js';
import { hitRateFromRanks } from '../ranking/hit-rate.js';
import { ndcgFromRanks } from '../ranking/ndcg.js';
import { precisionFromRanks } from '../ranking/precision.js';
import { recallFromRanks } from '../ranking/recall.js';
import { reciprocalRankFromRanks } from '../ranking/reciprocal-rank.js';
import { requireCutoff } from '../validation.js';

/** Metrics that are cut at k, as in `hr@10`. */
export type CutMetric = 'hr' | 'ndcg' | 'recall' | 'cappedRecall' | 'precision' | 'mrr' | 'map';

/** Metrics of the whole ranking. */
export type WholeMetric = 'ndcg' | 'mrr' | 'map' | 'auc';

/** The name of a metric: `hr@10`, `ndcg@10`, `recall@20`, `cappedRecall@20`, `precision@5`, `mrr`, `auc`, ... */
export type MetricKey = `${CutMetric}@${number}` | WholeMetric;

/** A metric of one user, from the ranks of the user's targets. */
export interface RankMetric {
  /** Ranks below this one change nothing; `Infinity` when all count. */
  readonly depth: number;
  /** NaN for a user for whom the metric is undefined; `relevant` counts targets without a rank, too. */
  of(ranks: ArrayLike<number>, relevant: number, candidates: number): number;
}

const CUT: Record<CutMetric, (ranks: ArrayLike<number>, k: number, relevant: number) => number> = {
  hr: hitRateFromRanks,
  ndcg: ndcgFromRanks,
  recall: recallFromRanks,
  cappedRecall: cappedRecallFromRanks,
  precision: precisionFromRanks,
  mrr: reciprocalRankFromRanks,
  map: averagePrecisionFromRanks,
};

const WHOLE: Record<WholeMetric, RankMetric['of']> = {
  ndcg: (ranks, relevant) => ndcgFromRanks(ranks, Infinity, relevant),
  mrr: (ranks) => reciprocalRankFromRanks(ranks),
  map: (ranks, relevant) => averagePrecisionFromRanks(ranks, Infinity, relevant),
  // Of a user who has every item but the targets, no item is left to rank against them.
  // A target without a rank is behind all of them.
  auc: (ranks, relevant, candidates) => {
    if (candidates <= ranks.length) return NaN;
    return ranks.length === 0 ? 0 : (aucFromRanks(ranks, candidates) * ranks.length) / relevant;
  },
};

/**
 * The metric a key names.
 *
 * @throws TowerkitError `BAD_METRIC` for a name that is none, `BAD_K` for a cutoff that is not a positive integer
 */
export function rankMetric(key: string): RankMetric {
  const [name, cutoff, ...rest] = key.split('@');
  if (rest.length === 0 && cutoff === undefined && Object.hasOwn(WHOLE, name))
    return { depth: Infinity, of: WHOLE[name as WholeMetric] };
  if (rest.length > 0 || cutoff === undefined || !Object.hasOwn(CUT, name))
    throw new TowerkitError('BAD_METRIC', `there is no metric ${key}`, {
      hint: `cut: ${Object.keys(CUT).join(', ')}, as in hr@10; whole: ${Object.keys(WHOLE).join(', ')}`,
      details: { metric: key },
    });
  const k = cutoff.trim() === '' ? NaN : Number(cutoff);
  requireCutoff(k);
  const metric = CUT[name as CutMetric];
  return { depth: k, of: (ranks, relevant) => metric(ranks, k, relevant) };
}
