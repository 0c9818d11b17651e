import type { Engine } from '@towerkit/engine';
import type { TwoTower } from '@towerkit/towers';

import type { TrainingBatchOptions } from '../batches/batches-of.js';
import type { TrainingData } from '../data.js';
import type { HardNegativesOptions } from '../hard/options.js';
import type { OptimizerOptions } from '../optimizer/settings.js';
import type { EarlierState } from '../tables/continue-state.js';
import type { StartingVectors } from '../tables/model-state.js';
import type { TrainingCallback } from './events.js';
import type { ValidationOptions } from './validation.js';

/** When to stop before the last epoch. */
export interface EarlyStoppingOptions {
  /** A validation metric: higher is better, of `rmse` and `mae` lower. Default `ndcg@10`. */
  readonly metric?: string;
  /** Epochs without a better value before stopping. Default 2. */
  readonly patience?: number;
}

/** Where and when to save the state of a run. */
export interface CheckpointOptions {
  /** Folder of `last.safetensors` and `best.safetensors`; made when it is missing. */
  readonly folder: string;
  /** Also save within an epoch, every so many steps. Default: at the end of each epoch only. */
  readonly everySteps?: number;
  /** Go on from the folder's `last.safetensors`, where it has one. Default false. */
  readonly resume?: boolean;
}

/** A model that was trained before, whose scores another is to come near. */
export interface Teacher {
  /** Which one: a run that is resumed must have the same. */
  readonly name: string;
  /**
   * Scores of some items for some users.
   *
   * @param users dense ids of users, [users]
   * @param items dense ids, [items]
   * @returns [users, items], row by row; NaN for a pair of which it knows nothing, which is left out
   */
  scores(users: Int32Array, items: Int32Array): Float32Array | Promise<Float32Array>;
}

/** Options of {@link train}. */
export interface TrainOptions {
  readonly model: TwoTower;
  readonly data: TrainingData;
  /** Passes over the examples. Default 10. */
  readonly epochs?: number;
  /** Decides everything drawn at random. Default 0. */
  readonly seed?: number;
  /** Whose scores the loss learns from, where it is a `distillation`. */
  readonly teacher?: Teacher;
  /** Items near each target by the model as it is, for a loss beside the model's own. Default none. */
  readonly hardNegatives?: HardNegativesOptions;
  readonly batches?: TrainingBatchOptions;
  readonly optimizer?: OptimizerOptions;
  /** Matrices that embedding tables start from, such as `{'item/id': factors}`. */
  readonly start?: StartingVectors;
  /** What the model learned earlier, to go on from: see `continueState`. It comes after `start`. */
  readonly earlier?: EarlierState;
  /** Evaluated after every epoch; without it there is no early stopping. */
  readonly validation?: ValidationOptions;
  /** Keep the best epoch and stop when it gets no better; `false` keeps the last. Default on, with validation. */
  readonly earlyStopping?: EarlyStoppingOptions | false;
  readonly checkpoint?: CheckpointOptions;
  readonly callbacks?: readonly TrainingCallback[];
  /** Runs the steps. Default: a new ONNX Runtime engine with `threads`, disposed at the end. */
  readonly engine?: Engine;
  /** Threads of the default engine. Default: one per core. */
  readonly threads?: number;
  /** Makes batches on a worker thread while a step runs. Default true. */
  readonly worker?: boolean;
  /** Stops after the present step, with a checkpoint where there is a folder for it. */
  readonly signal?: AbortSignal;
}
