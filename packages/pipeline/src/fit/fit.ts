import type { OnProgress } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';
import type { EntityFeatures, EntityTexts } from '@towerkit/features';
import type { TwoTower } from '@towerkit/towers';
import {
  metricsLog,
  tensorboard,
  train,
  type Entities,
  type TrainingCallback,
  type TrainResult,
} from '@towerkit/training';

import type { ResolvedConfig } from '../config/schema.js';
import type { LearnedParts } from '../data/feedback.js';
import type { Prepared } from '../data/prepare.js';
import { hasCheckpoint, type RunFolder } from './run-folder.js';
import { startFromAls } from './start-from-als.js';
import { examplesOf, readsMore } from './training-examples.js';
import { trainingRows } from './training-rows.js';
import { validationQuestions } from '../data/validation-questions.js';
import { withoutRatings } from '../data/without-ratings.js';

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
}

/** Trains on the training rows and keeps the epoch with the best metric on the validation targets. */
export async function fit(prepared: Prepared, options: FitTowerOptions): Promise<TrainResult> {
  const { config, run, resume = false, callbacks = [] } = options;
  const { earlyStopping, metrics } = config;
  const { leftOut, targets, users, moments } = validationQuestions(prepared);
  return train({
    ...(await common(prepared, options, 'train', run?.checkpoints)),
    epochs: config.epochs,
    validation: { targets, users, moments, metrics, leftOut },
    earlyStopping: earlyStopping && {
      ...earlyStopping,
      metric: earlyStopping.metric ?? metrics[1] ?? metrics[0],
    },
    callbacks: [
      ...(run ? [metricsLog(run.metrics, { append: resume }), tensorboard(run.tensorboard)] : []),
      ...callbacks,
    ],
  });
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
  { config, model, engine, signal, resume, onProgress }: FitTowerOptions,
  parts: LearnedParts,
  checkpoints: string | undefined,
) {
  const { features, texts, users, log } = prepared;
  const { maxLength, windows, batchSize, negatives, hardNegatives, optimizer, seed } = config;
  const learned = trainingRows(prepared, parts, readsMore(model));
  const { interactions, disliked } = learned;
  const histories = model.loss.ratings ? learned.histories : withoutRatings(learned.histories);
  const examples = examplesOf(model, { ...learned, histories }, prepared, parts);
  return {
    model,
    engine,
    signal,
    seed,
    optimizer,
    hardNegatives,
    // A run that goes on has its tables in the checkpoint.
    start:
      checkpoints !== undefined && resume && (await hasCheckpoint(checkpoints))
        ? undefined
        : await startFromAls(model, interactions, config, { signal, onProgress }),
    ...(checkpoints !== undefined && { checkpoint: { folder: checkpoints, resume: resume === true } }),
    data: {
      histories,
      items: entitiesOf(features, texts),
      ...(users && { users: entitiesOf(users.features, users.texts) }),
      ...(examples && { examples }),
      ...(disliked && { disliked }),
    },
    batches: {
      maxLength,
      windows,
      batchSize,
      negatives: negatives.map(({ count, ...proposal }) => ({
        proposal,
        count: Math.min(count, log.items.size),
      })),
    },
  };
}

const entitiesOf = ({ categories, features }: EntityFeatures, texts: EntityTexts): Entities => ({
  categories,
  features: { ...features, ...texts.features },
});
