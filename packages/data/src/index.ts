export { readInteractions, type ReadInteractionsOptions, type ReadLog } from './read-interactions.js';
export type { InteractionColumns } from './interaction-columns.js';
export { encodeInteractions, type InteractionArrays } from './encode-interactions.js';
export { readCatalog, type Catalog, type CatalogColumns, type ReadCatalogOptions } from './read-catalog.js';
export { readUsers, type UserTable } from './read-users.js';
export type { FeatureKind } from './column-types.js';
export type { EntityTable, ReadEntitiesOptions } from './read-entities.js';
export { extractColumn, extractionPattern, type ExtractedColumn } from './extract-column.js';
export { encodeCatalog, encodeUsers, type CatalogRow, type EntityRow } from './encode-catalog.js';
export { requireOverlap, requireUserOverlap, type CatalogOverlap } from './catalog-overlap.js';
export { dateOf } from './iso-time.js';
export { readTargets, type ReadTargetsOptions, type Targets } from './read-targets.js';
export { readDataset } from './read-dataset.js';
export { recognize } from './recognize.js';
export type { DatasetManifest, DatasetSource } from './manifest.js';

export { toHistories, type InteractionLog, type KindColumn, type RowColumns } from './interaction-log.js';
export type { ErrorCode } from './errors.js';
export { fingerprint } from './fingerprint.js';
export { filterRows, takeColumns, type Universe } from './filter-rows.js';
export {
  clean,
  dedupe,
  dropUsers,
  minimumRating,
  timeBounds,
  type CleaningRule,
  type Removal,
} from './cleaning.js';
export { kCore } from './k-core.js';

export { splitBy, TEST, TRAIN, VALIDATION, type Split } from './split.js';
export { presplit, type SplitLogs } from './presplit.js';
export { leaveLastOut, leaveLastTwoOut } from './leave-last-out.js';
export { temporalSplit } from './temporal-split.js';
export { randomSplit } from './random-split.js';
export { excludeKinds, minimumRatingOrDislike } from './feedback/cleaning-rules.js';
export {
  chooseTargets,
  type ChosenTargets,
  type TargetColumns,
  type TargetRule,
} from './feedback/choose-targets.js';
export { coreWithDislikes } from './feedback/core-rows.js';
export { joinParts } from './feedback/join-parts.js';
export {
  dislikedOf,
  historiesOf,
  learningRows,
  takenOf,
  type LearningRows,
  type RowExamples,
} from './feedback/learning-rows.js';
export {
  feedbackSplit,
  lastTargetsOut,
  randomParts,
  temporalParts,
  type FeedbackRows,
} from './feedback/row-parts.js';
export { rowUses, type RowUses } from './feedback/row-uses.js';
export type { FeedbackRules, KindRule, WeightRule } from './feedback/rules.js';
export { summarizeFeedback, type FeedbackSummary } from './feedback/summary.js';

export { leakageReport, type Leakage } from './leakage.js';

export {
  fitCategorical,
  encodeCategorical,
  unseenCategories,
  type CategoricalEncoding,
} from './categorical.js';
export { fitNumeric, encodeNumeric, expectedNumber, type NumericEncoding, type Scale } from './numeric.js';
export { fitBuckets, encodeBuckets, bucketCount, type BucketEncoding } from './buckets.js';
export { fitList, encodeList, unseenNames, type ListEncoding } from './lists.js';
export { numberOf } from './missing.js';

export {
  readVectors,
  type ReadVectorsOptions,
  type VectorFile,
  type Vectors,
} from './vectors/read-vectors.js';
export { writeVectors } from './vectors/write-vectors.js';
export { vectorFormatOf, type VectorFormat } from './vectors/vector-format.js';
export { gatherRows, matchRows, type MatchedRows } from './vectors/match-rows.js';
export { encodeVectors, expectedVector, vectorWidth, type VectorEncoding } from './vectors/encode-vectors.js';

export { parquetSize, type ParquetSize } from './parquet-size.js';
export { readTable, type Table, type TableColumn } from './read-table.js';
export { writeTable, writeParquet, type TableBatch, type TableSchema } from './write-table.js';
export type { ColumnType, ColumnValues } from './column-types.js';

export type { DuckDbOptions } from './duckdb.js';
export type { RecordFormat } from './source.js';
export type { FileFormat } from './format.js';
export type { OnBadRow, SpannedLines } from './bad-row.js';
export {
  coordinatesOf,
  encodeLocations,
  locationEncoding,
  locationWidth,
  placesOf,
  type LocationEncoding,
} from './location.js';
export { groundDistance, onGlobe, type Coordinates } from './globe.js';
