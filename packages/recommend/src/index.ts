export { openArtifact, type OpenArtifact } from './open-artifact.js';
export { readGround } from './ground.js';
export { shardOf, type Shard } from './shards.js';
export { writeLists, type WriteListsOptions, type WrittenLists } from './write-lists.js';
export {
  namedItems,
  nameOf,
  recommendTo,
  type Answer,
  type AnswerItem,
  type AnswerOptions,
  type AnswerReason,
  type MomentOptions,
} from './answer.js';
export type { RecommendAllOptions, UserRows } from './recommend-all.js';
export { recommendSaid, type AskedUsers } from './recommend-said.js';
export { denseHistory, type Who } from './who.js';
export {
  leftOut,
  type CandidateQuery,
  type Candidates,
  type ModelKind,
  type OpenModelOptions,
  type Ranker,
  type SavedModel,
  type SavedVectorScores,
} from './ranker.js';
export { openRanker, standardKinds } from './kinds.js';
export { AnswerEngine } from './engine/answer-engine.js';
export { DEFAULT_CANDIDATES, type AnswerEngineOptions } from './engine/engine-options.js';
export type {
  Content,
  ContentEncoder,
  Explanation,
  Failure,
  Found,
  FoundByText,
  GateWeights,
  MomentReader,
  Near,
  NearReview,
  Outcome,
  Question,
  QuestionContext,
  RankedItems,
  TextParts,
  UserFeatures,
  UserReader,
  UserRow,
  Weight,
} from './engine/question.js';
export { ItemPlaces } from './engine/nearby.js';
export { askOverview } from './overview/ask-overview.js';
export { catalogItem, itemOfId, itemsOfId } from './overview/catalog-item.js';
export { overviewSchema } from './overview/schema.js';
export { itemPlane, type ItemPlane } from './overview/item-plane.js';
export { kindColumns, type KindColumn, type NumberColumn } from './overview/columns.js';
export { overviewItems, overviewOf, type Overview } from './overview/overview.js';
export { repeatsOf } from './engine/repeats.js';
export { failureOf, valueOf } from './engine/outcome.js';
export { attributeOf } from './engine/item-filter.js';
export { attributesSchema, attributeTypes, type AttributeType } from './engine/attribute-types.js';
export { bestOf, dot, isZero } from './engine/best-of.js';
export { CosineIndex } from './engine/cosine-index.js';
export { AnswerTally } from './answer-tally.js';
export { idList } from './id-list.js';
export { filterSchema } from './query/filter-schema.js';
export { nearSchema } from './query/near-schema.js';
export { queryOf } from './query/query-of.js';
export { strictObject } from './query/strict-object.js';
export { HttpReranker, type HttpRerankerOptions, type Scored } from './endpoint/http-reranker.js';
export { rerankFound, type Reranked, type RerankQuestion } from './endpoint/rerank-found.js';
export { TitleSearch } from './engine/title-search.js';
export { diversify } from './engine/diversify.js';
export { ModelRanker } from './baseline/model-ranker.js';
export { TwoTowerRecommender } from './two-tower/two-tower-recommender.js';
export { ItemEncoder, type EncodedItems, type NewItems } from './two-tower/item-encoder.js';
export { twoTowerFactsSchema, twoTowerFactsOf, type TwoTowerFacts } from './two-tower/facts.js';
export { buildIndex, attributesOf, type BuildIndexOptions, type BuiltIndex } from './index/build-index.js';
export { hasIndex, openIndex, type IndexConnections } from './index/open-index.js';
export { vectorsOf, type Vectors } from './index/vectors.js';
export { AnswerPool } from './threads/answer-pool.js';
export { hostAnswers } from './threads/host-answers.js';
export type { AnswerPoolOptions, Method, Methods, ModelFacts, ThreadOptions } from './threads/protocol.js';
export { runTrial } from './trial/run-trial.js';
export { tryArtifact, type TrialOptions, type TriedArtifact } from './trial/try-artifact.js';
export type { ArtifactTables } from './trial/tables.js';
export type { AnswerErrorCode } from './answer-codes.js';
export type { ErrorCode } from './errors.js';
