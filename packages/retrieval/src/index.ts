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
export type { HnswOptions } from './drivers/hnsw/options.js';
