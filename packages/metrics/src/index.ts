export { TowerkitError, isTowerkitError } from './towerkit-error.js';
export type { ErrorCode } from './errors.js';

export { type Relevant, relevantRanks } from './ranking/relevant-ranks.js';
export { hitRate, hitRateFromRanks } from './ranking/hit-rate.js';
export { discount, ndcg, ndcgFromRanks } from './ranking/ndcg.js';
export { exponentialGain, gradedNdcg } from './ranking/graded-ndcg.js';
export { recall, recallFromRanks } from './ranking/recall.js';
export { cappedRecall, cappedRecallFromRanks } from './ranking/capped-recall.js';
export { precision, precisionFromRanks } from './ranking/precision.js';
export { reciprocalRank, reciprocalRankFromRanks } from './ranking/reciprocal-rank.js';
export { averagePrecision, averagePrecisionFromRanks } from './ranking/average-precision.js';
export { auc, aucFromRanks } from './ranking/auc.js';

export { isRatingMetric, mae, rmse, type RatingMetric } from './rating/rating-error.js';
export {
  type RatingEstimate,
  type RatingEvaluationOptions,
  evaluateRatings,
} from './rating/evaluate-ratings.js';

export { exposure } from './catalog/exposure.js';
export { coverage } from './catalog/coverage.js';
export { gini } from './catalog/gini.js';
export { novelty } from './catalog/novelty.js';
export { type Distance, cosineDistance, diversity } from './catalog/diversity.js';

export type { CsrRows } from './evaluation/csr-rows.js';
export type { LeftOut, LeftOutTargets } from './evaluation/evaluable-users.js';
export type { Repeats, UnknownItems } from './evaluation/target-rules.js';
export type { UserSample } from './evaluation/sample-users.js';
export type { ScoringOptions } from './evaluation/score-in-batches.js';
export type { BlockScorer, BlockScores } from './evaluation/block-scorer.js';
export type { EvaluationProgress, Scorer } from './evaluation/scorer.js';
export type { Evaluation, EvaluationOptions } from './evaluation/evaluation.js';
export type { CutMetric, MetricKey, WholeMetric } from './evaluation/metric-key.js';
export type { RankTable } from './evaluation/rank-table.js';
export { DEFAULT_METRICS, type RankSummary, summarizeRanks } from './evaluation/summarize-ranks.js';
export { restrictEvaluation, type PartOfEvaluation } from './evaluation/restrict-evaluation.js';
export {
  type FullRankingEvaluation,
  type FullRankingOptions,
  evaluateFullRanking,
} from './evaluation/evaluate-full-ranking.js';
export { type SampledOptions, evaluateSampled } from './evaluation/evaluate-sampled.js';

export { type Estimate, type EstimateOptions, estimate } from './statistics/estimate.js';
export { type Interval, meanInterval } from './statistics/mean-interval.js';
export type { PossibleInterval } from './statistics/clustered-mean.js';
export { wilsonInterval } from './statistics/wilson-interval.js';
export { type BootstrapOptions, bootstrapInterval } from './statistics/bootstrap-interval.js';
export { studentCdf, studentQuantile, studentTwoSided } from './statistics/student-t.js';
export type { Seed } from './statistics/uniform-source.js';

export type { Comparison, ComparisonMethod } from './comparison/comparison.js';
export { type PairedTTestOptions, pairedTTest } from './comparison/paired-t-test.js';
export { type McNemarOptions, mcnemarTest } from './comparison/mcnemar-test.js';
export { type ResamplingOptions, permutationTest } from './comparison/permutation-test.js';
export { pairedBootstrap } from './comparison/paired-bootstrap.js';
export { type CompareOptions, comparePaired } from './comparison/compare-paired.js';
export { type PerUserValues, compareEvaluations } from './comparison/compare-evaluations.js';
