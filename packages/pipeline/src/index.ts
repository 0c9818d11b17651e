export { TrainedRecommender, trainRecommender, type TrainRecommenderOptions } from './train-recommender.js';
export { trainTwoTower, type TrainedTwoTower, type TrainTwoTowerOptions } from './train-two-tower.js';
export { fitTeacher, openTeacher, type OpenTeacher } from './fit/teacher.js';
export { trainBaseline, type TrainedBaseline } from './train-baseline.js';
export { trainHybrid, type HybridRun, type TrainedHybrid, type TrainHybridOptions } from './train-hybrid.js';
export { locateSearch, type LocatedSearch } from './search/locate-search.js';
export type { SearchSet } from './search/read-search.js';
export { trainSearch, type TrainedSearch, type TrainSearchOptions } from './search/train-search.js';
export type { SearchRun } from './search/save-search.js';
export { searchArtifact, type SearchAnswer, type SearchArtifactOptions } from './search/search-artifact.js';
export {
  evaluateSearch,
  type EvaluateSearchOptions,
  type SearchEvaluation,
} from './search/evaluate-search.js';
export {
  writeSurroundings,
  type WriteSurroundingsOptions,
  type WrittenSurroundings,
} from './places/write-surroundings.js';
export { addItems, type AddedItems, type AddItemsOptions } from './grow/add-items.js';
export type { NewVectorFile } from './grow/new-vectors.js';
export { updateArtifact, type UpdateArtifactOptions, type UpdatedArtifact } from './grow/update-artifact.js';
export { modelKinds } from './model-kinds.js';

export { defineConfig, type ExtendingConfig } from './config/define-config.js';
export { extendedConfig } from './config/extend-config.js';
export { withPathsFrom } from './config/config-paths.js';
export { describeConfig } from './config/describe-config.js';
export { badConfig, checkConfig } from './config/check-config.js';
export { configSchema, type Config, type ResolvedConfig } from './config/schema.js';
export type { DatasetConfig } from './config/data-schema.js';
export { baselineNames, type BaselineName } from './config/baseline-options.js';
export type { ModelShapes } from './config/model-shapes.js';
export { nearestName } from './config/nearest-name.js';
export { recipeOf, type Recipe } from './config/recipe.js';

export {
  locateDataset,
  sourceOf,
  type Dataset,
  type LocatedDataset,
  type MemoryDataset,
} from './data/locate-dataset.js';
export { prepare, type Prepared } from './data/prepare.js';
export { notRanked, type Feedback } from './data/feedback.js';
export type { RankingScope } from './data/ranking-scope.js';
export { orderWarnings } from './data/order-warnings.js';
export { validationScope } from './data/validation-questions.js';
export { targetsWithHistory, splitLog, type SplitRule } from './data/split-log.js';

export { fit, refit, type FitTowerOptions } from './fit/fit.js';
export { buildModel, shapesOf } from './fit/build-model.js';
export { idTable, type IdTable } from './fit/id-table.js';
export { startNames } from './config/start-schema.js';
export { createBaseline } from './fit/baseline-models.js';
export { evaluateOnRatings, evaluateOnValidation, fitBaseline } from './fit/fit-baseline.js';
export {
  canResume,
  checkOutput,
  clearRun,
  hasCheckpoint,
  runFolder,
  type RunFolder,
} from './fit/run-folder.js';
export { startFromFactors, type StartingTables } from './fit/start-from-factors.js';
export { startFromVectors, type StartReport } from './fit/start-from-vectors.js';

export { evaluateArtifact, type ArtifactEvaluation } from './evaluate/evaluate-artifact.js';
export {
  modelScorer,
  rankModel,
  rankQuestions,
  rankSampled,
  repeatsIn,
  unknownMoment,
  type RankOptions,
} from './evaluate/rank-questions.js';
export {
  compareArtifacts,
  requireSameData,
  type ArtifactComparison,
  type ComparedModel,
} from './evaluate/compare-artifacts.js';
export { readQuestions, type QuestionOptions } from './evaluate/read-questions.js';
export type { Questions } from './evaluate/questions.js';
export {
  personalPopularityScorer,
  popularityScorer,
  referenceScores,
  type Metrics,
} from './evaluate/reference-scores.js';
export { byTargetGroup, groupResults, type ByGroup, type GroupResult } from './evaluate/target-groups.js';
export { FREQUENCY_GROUPS, frequencyGroups, type FrequencyGroup } from './evaluate/frequency-groups.js';
export { byGroup, summarizeGates, type GateSummary, type GroupGates } from './evaluate/summarize-gates.js';
export type { ErrorCode } from './errors.js';
export type { CurvePoint } from './save/curve.js';
export { heldBackPredictions, type HeldBackPredictions } from './evaluate/rating-errors.js';
export { withoutAbsent } from './data/absent-features.js';
