export { Hybrid } from './answer/hybrid.js';
export type { ProductExplanation, Prediction, PredictOptions } from './answer/prediction.js';
export { hybridKind, HybridRanker } from './answer/hybrid-ranker.js';
export { HybridRecommender, type HybridScores, type UserQuery } from './model/hybrid-recommender.js';
export type { Moment } from './model/context.js';
export { loadHybrid, type HybridFacts } from './model/hybrid-files.js';
export { PairScorer, type PairFeatures, type PairModels, type PairOutputs } from './model/pair-scorer.js';
export { hybridSchema, type HybridConfig } from './schema.js';
export type { ErrorCode } from './errors.js';
