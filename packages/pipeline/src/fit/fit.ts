import type { CsrMatrix, OnProgress } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';
import type { EntityFeatures, EntityTexts, EntityVectors } from '@towerkit/features';
import { isRatingMetric } from '@towerkit/metrics';
import type { TwoTower } from '@towerkit/towers';
import {
  metricsLog,
  tensorboard,
  train,
  type Entities,
  type Teacher,
  type TrainingCallback,
  type TrainResult,
  type ValidationOptions,
} from '@towerkit/training';

import type { ResolvedConfig } from '../config/schema.js';
import type { LearnedParts } from '../data/feedback.js';
import type { Prepared } from '../data/prepare.js';
import { itemColumns, negativesOf } from './negatives.js';
import { hasCheckpoint, type RunFolder } from './run-folder.js';
import { startFromFactors } from './start-from-factors.js';
import { startFromVectors, type StartReport } from './start-from-vectors.js';
import { examplesOf, readsMore } from './training-examples.js';
import { trainingRows } from './training-rows.js';
import { validationQuestions } from '../data/validation-questions.js';
import { withoutRatings } from '../data/ratings.js';

/** Options of {@link fit}. */
export interface FitTowerOptions {
  readonly config: ResolvedConfig;
  readonly model: TwoTower;
  readonly engine: Engine;
  /** Where checkpoints and logs go; nothing is kept without it. */
  readonly run?: RunFolder;
  /** Whether to resume from a checkpoint. Default false. */
  readonly resume?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly callbacks?: readonly TrainingCallback[];
  /** Told what vectors start from, where the config says so and the run does not go on with another. */
  readonly onStart?: (report: StartReport) => void;
  /** Whose scores are learned from, where the config says `distill`. */
  readonly teacher?: Teacher;
}

/** Trains on the training rows and keeps the epoch with the best metric on the validation targets. */
export async function fit(prepared: Prepared, options: FitTowerOptions): Promise<TrainResult> {
  const { config, run, resume = false, callbacks = [] } = options;
  const { earlyStopping, metrics } = config;
  return train({
    ...(await common(prepared, options, 'train', run?.checkpoints)),
    epochs: config.epochs,
    validation: validationOf(prepared, config),
    earlyStopping: earlyStopping && {
      ...earlyStopping,
      metric: earlyStopping.metric ?? watchedOf(metrics),
    },
    callbacks: [
      ...(run ? [metricsLog(run.metrics, { append: resume }), tensorboard(run.tensorboard)] : []),
      ...callbacks,
    ],
  });
}

/** What the epochs of a config are judged on. */
export function validationOf(prepared: Prepared, config: ResolvedConfig): ValidationOptions {
  const { histories, scope, targets, users, moments } = validationQuestions(prepared, config);
  const { metrics, frequency } = config;
  return {
    ...{ targets, users, moments, metrics, frequency },
    ...(config.questions === 'rolling' && { histories }),
    ...{ repeats: scope.repeats, leftOut: scope.histories },
    ratings: prepared.split.validation,
  };
}

/**
 * Trains again on training and validation rows, for the given number of epochs. The learning rate follows the schedule of the
 * run in which that number was found to be best, cut off after so many epochs.
 */
export async function refit(
  prepared: Prepared,
  options: FitTowerOptions,
  epochs: number,
): Promise<TrainResult> {
  return train({
    ...(await common(prepared, options, 'train and validation', options.run?.refit)),
    epochs,
    optimizer: { ...options.config.optimizer, scheduleEpochs: options.config.epochs },
    callbacks: options.callbacks,
  });
}

async function common(
  prepared: Prepared,
  { config, model, engine, signal, resume, onProgress, onStart, teacher }: FitTowerOptions,
  parts: LearnedParts,
  checkpoints: string | undefined,
) {
  const { features, texts, vectors, users, log } = prepared;
  const { hardNegatives, optimizer, seed } = config;
  // Which targets see nothing is only known when they are chosen.
  const learned = trainingRows(prepared, parts, config.targets !== undefined || readsMore(model));
  const { interactions, disliked } = learned;
  const histories = model.loss.ratings ? learned.histories : withoutRatings(learned.histories);
  const examples = examplesOf(model, { ...learned, histories }, prepared, parts, config.targets);
  return {
    model,
    engine,
    signal,
    seed,
    optimizer,
    hardNegatives,
    teacher,
    // A run that goes on has its tables in the checkpoint.
    start:
      checkpoints !== undefined && resume && (await hasCheckpoint(checkpoints))
        ? undefined
        : await startingTables(prepared, model, interactions, config, { signal, onProgress }, onStart),
    ...(checkpoints !== undefined && { checkpoint: { folder: checkpoints, resume: resume === true } }),
    data: {
      histories,
      items: entitiesOf(features, texts, vectors),
      ...(users && { users: entitiesOf(users.features, users.texts, users.vectors) }),
      ...(examples && { examples }),
      ...(disliked && { disliked }),
    },
    batches: {
      ...{ maxLength: config.maxLength, windows: config.windows, batchSize: config.batchSize },
      negatives: negativesOf(config, log.items.size, itemColumns(prepared)),
    },
  };
}

/** Matrices that tables start from, where the config has `start`. */
async function startingTables(
  prepared: Prepared,
  model: TwoTower,
  interactions: CsrMatrix,
  config: ResolvedConfig,
  options: { readonly signal?: AbortSignal; readonly onProgress?: OnProgress },
  onStart?: FitTowerOptions['onStart'],
) {
  if (!config.start) return undefined;
  const { tables, reports } = await startFromVectors(model, prepared, config);
  for (const report of reports) onStart?.(report);
  return { ...tables, ...(await startFromFactors(model, interactions, config, options)) };
}

const entitiesOf = (
  { categories, features }: EntityFeatures,
  texts: EntityTexts,
  vectors: EntityVectors,
): Entities => ({
  categories,
  features: { ...features, ...texts.features, ...vectors.features },
});

/** The metric that chooses the epoch where a config names none. */
const watchedOf = (metrics: ResolvedConfig['metrics']) =>
  metrics.every(isRatingMetric) ? metrics[0] : (metrics[1] ?? metrics[0]);
