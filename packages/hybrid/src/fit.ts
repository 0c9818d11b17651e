export { fitHybrid, type FittedHybrid } from './fit/fit-hybrid.js';
export type { HybridOptions } from './fit/hybrid-options.js';
export { hybridFacts, writeHybridFiles } from './fit/write-hybrid.js';
export { readReviews, type Reviews } from './fit/read-reviews.js';
export { holdBack, temporalFolds, type RowSplit } from './fit/split.js';
export { Stages, type StageReport } from './fit/stages.js';
export { evaluateHybrid, type EvaluateHybridOptions, type HybridEvaluation } from './fit/evaluate-hybrid.js';
export type { RankingEvaluation, RankingResult } from './fit/evaluate-ranking.js';
export type { RatingErrors, RatingEvaluation } from './fit/evaluate-ratings.js';
