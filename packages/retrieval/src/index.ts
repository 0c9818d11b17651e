export type {
  AddOptions,
  Attributes,
  BuildOptions,
  Filter,
  IndexOptions,
  IndexStats,
  Metric,
  Neighbors,
  SearchOptions,
  Tunable,
  VectorIndex,
} from './vector-index.js';
export { checkPredicate, type AttributeValue, type Condition, type Predicate } from './filter/predicate.js';
export { createIndex, loadIndex, savedDriver, type DriverOptions } from './create-index.js';
export { driverNames, type DriverName } from './drivers/registry.js';
export type { ExactOptions } from './drivers/exact/driver.js';
export type { FaissOptions } from './drivers/faiss/options.js';
export type { IvfOptions } from './drivers/ivf/settings.js';
export type { HnswOptions } from './drivers/hnsw/settings.js';
export type { MilvusOptions } from './drivers/milvus/options.js';
export type { PgvectorOptions } from './drivers/pgvector/options.js';
export { indexRecall } from './index-recall.js';
export { tune, type Tuned, type TuneOptions } from './tune.js';
export type { ErrorCode } from './error-code.js';
