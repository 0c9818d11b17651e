export {
  SearchModel,
  RANKINGS,
  type Ranking,
  type SearchHit,
  type SearchOptions,
  type SearchParts,
} from './model/search-model.js';
export { Bm25, type Bm25Options, type LexicalScores } from './lexical/bm25.js';
export { BagTower } from './tower/bag-tower.js';
export { SearchTower, type SearchTowerParts, type SentenceEncoder } from './tower/search-tower.js';
export type { DenseLayer, HeadValues, Norm } from './tower/dense-head.js';
export { SENTENCES, type SentenceOptions } from './model/sentences.js';
export { FeatureTable } from './words/feature-table.js';
export type { FeatureOptions } from './words/word-features.js';
export { inputFeatures, type ProductInputs, type ProductTable } from './words/product-inputs.js';
export { tokensOf } from './words/tokens.js';
export { readJudgments, type Judgments, type ReadJudgmentsOptions } from './data/judgments.js';
export { gainOf } from './data/labels.js';
export { spellingKey, splitQueries, type QuerySplit } from './data/split-queries.js';
export { queryLeakage, type QueryLeakage } from './data/query-leakage.js';
export { productTexts } from './data/product-texts.js';
export {
  evaluateQueries,
  summarize,
  type EvaluateOptions,
  type RankedQueries,
  type Rankers,
} from './evaluate/evaluate-queries.js';
export type { PairedVectors } from './evaluate/score-queries.js';
export type { QueryMetrics } from './evaluate/query-ranks.js';
export {
  searchSchema,
  type ClicksSource,
  type JudgmentsSource,
  type Labels,
  type ProductsSource,
  type SearchConfig,
} from './schema.js';
export type { ErrorCode } from './errors.js';
export { searchKind, SearchRanker } from './answer/search-ranker.js';
export { SearchRecommender } from './answer/search-recommender.js';
export { readSearchParts, searchFactsOf, writeSearchFiles, type SearchFacts } from './model/search-files.js';
export type { ClickLog } from './clicks/click-log.js';
export { positionBias, type PositionBiasOptions } from './clicks/position-bias.js';
export { readClicks, type ClickJudgments, type ReadClicksOptions } from './clicks/read-clicks.js';
export { weakJudgments, type WeakJudgmentsOptions } from './clicks/weak-judgments.js';
