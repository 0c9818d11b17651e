export { train } from './loop/train.js';
export type { TrainedModel, TrainResult } from './loop/train-result.js';
export type { CheckpointOptions, EarlyStoppingOptions, Teacher, TrainOptions } from './loop/options.js';
export type { HardNegativesOptions, Ramp, Ranks } from './hard/options.js';
export type { Best } from './loop/early-stopping.js';
export { progress, type EpochReport, type StepEvent, type TrainingCallback } from './loop/events.js';
export {
  calibrateUnseen,
  setUnseenBias,
  type CalibrateUnseenOptions,
  type UnseenCalibration,
} from './loop/calibrate-unseen.js';
export type { ValidationMetric, ValidationOptions } from './loop/validation.js';
export type { TrainingData } from './data.js';
export type { Category, Entities } from './entities.js';
export { nextItems, type Examples } from './examples.js';
export { BatchAssembler, type BatchOptions } from './batches/batch-assembler.js';
export type { TrainingBatchOptions } from './batches/batches-of.js';
export type { Batch, BatchShape } from './batches/batch.js';
export { adamSettings, type AdamOptions, type AdamSettings } from './optimizer/adam.js';
export type { OptimizerOptions } from './optimizer/settings.js';
export { scheduleFactor, type Schedule } from './optimizer/schedule.js';
export { EmbeddingTable } from './tables/embedding-table.js';
export { readMoments } from './checkpoint/read-moments.js';
export { continueState, type EarlierMoments, type EarlierState } from './tables/continue-state.js';
export {
  initialState,
  type DenseWeight,
  type ModelState,
  type StartingVectors,
} from './tables/model-state.js';
export { stepFunction, type StepFunction, type StepShape } from './step/step-function.js';
export type { ProfilePart } from './step/profile.js';
export { metricsLog } from './callbacks/metrics-log.js';
export { tensorboard } from './callbacks/tensorboard/tensorboard.js';
export { exportTowers, type ExportedTowers } from './export/export-towers.js';
export { computeItemVectors } from './inference/item-vectors.js';
export { itemGates, userGates, type Gates } from './inference/tower-gates.js';
export { twoTowerFacts, writeTwoTowerFiles, type TwoTowerFacts } from './export/two-tower-files.js';
export { trainRows, type RowEpoch, type TrainedRows, type TrainRowsOptions } from './rows/train-rows.js';
export type { RowTask } from './rows/row-step.js';
export { indexedRows, numberRows, setRows, type RowInput, type Rows } from './rows/row-input.js';
export { pairTask, type PairObjective } from './pairs/pair-task.js';
export { exportPairs, type ExportedPairs } from './pairs/export-pairs.js';
export type { ErrorCode } from './error-code.js';
