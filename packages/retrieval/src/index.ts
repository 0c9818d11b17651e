export type {
  AddOptions,
  Attributes,
  BuildOptions,
  Filter,
  IndexOptions,
  IndexStats,
  Metric,
  Neighbours,
  SearchOptions,
  Tunable,
  VectorIndex,
} from './vector-index.js';
export type { AttributeValue, Condition, Predicate } from './filter/predicate.js';
export { createIndex, loadIndex, type DriverOptions } from './create-index.js';
export { driverNames, type DriverName } from './drivers/registry.js';
export type { ExactOptions } from './drivers/exact/options.js';
export type { FaissOptions } from './drivers/faiss/options.js';
export type { IvfOptions } from './drivers/ivf/options.js';
export type { HnswOptions } from './drivers/hnsw/options.js';
export type { MilvusOptions } from './drivers/milvus/options.js';
export type { PgvectorOptions } from './drivers/pgvector/options.js';
export { recall } from './recall.js';
export { tune, type Tuned, type TuneOptions } from './tune.js';
