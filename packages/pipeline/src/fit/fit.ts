import { concatRows } from '@towerkit/artifact';
import type { CsrMatrix, OnProgress } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';
import { isRatingMetric } from '@towerkit/metrics';
import type { EntityFeatures, EntityTexts } from '@towerkit/features';
import type { TwoTower } from '@towerkit/towers';
import {
  metricsLog,
  nextItems,
  tensorboard,
  train,
  type Entities,
  type Teacher,
  type TrainingCallback,
  type TrainResult,
} from '@towerkit/training';

import type { ResolvedConfig } from '../config/schema.js';
import type { Prepared } from '../data/prepare.js';
import { hasCheckpoint, type RunFolder } from './run-folder.js';
import { startFromAls } from './start-from-als.js';
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
  /** Whose scores are learned from, where the config says `distill`. */
  readonly teacher?: Teacher;
}

/** Trains on the training rows and keeps the epoch with the best metric on the validation targets. */
export async function fit(prepared: Prepared, options: FitTowerOptions): Promise<TrainResult> {
  const { config, run, resume = false, callbacks = [] } = options;
  const { earlyStopping, metrics } = config;
  return train({
    ...(await common(prepared, options, prepared.histories, run?.checkpoints)),
    epochs: config.epochs,
    validation: { targets: prepared.targets, ratings: prepared.split.validation, metrics },
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
    ...(await common(prepared, options, refitRows(prepared), options.run?.refit)),
    epochs,
    optimizer: { ...options.config.optimizer, scheduleEpochs: options.config.epochs },
    callbacks: options.callbacks,
  });
}

/** The rows of each user that a refit learns from: training and validation. */
export const refitRows = ({ split: { train, validation } }: Prepared): CsrMatrix =>
  concatRows(train, validation);

async function common(
  { features, texts, users, log }: Prepared,
  { config, model, engine, signal, resume, onProgress, teacher }: FitTowerOptions,
  histories: CsrMatrix,
  checkpoints: string | undefined,
) {
  const { maxLength, windows, batchSize, negatives, hardNegatives, optimizer, seed } = config;
  const rows = model.loss.ratings ? histories : withoutRatings(histories);
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
        : await startFromAls(model, histories, config, { signal, onProgress }),
    ...(checkpoints !== undefined && { checkpoint: { folder: checkpoints, resume: resume === true } }),
    data: {
      histories: rows,
      items: entitiesOf(features, texts),
      ...(users && { users: entitiesOf(users.features, users.texts) }),
      // Of a newcomer nothing but features is known: first items teach what to make of them. A rating needs no history.
      ...((readsUsers(model) || model.rating) && { examples: nextItems(rows, { first: true }) }),
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

/** The metric that chooses the epoch where a config names none. */
const watchedOf = (metrics: ResolvedConfig['metrics']) =>
  metrics.every(isRatingMetric) ? metrics[0] : (metrics[1] ?? metrics[0]);

/** Whether the user tower reads features of users. */
const readsUsers = ({ userInputs }: TwoTower): boolean =>
  Object.values(userInputs).some(
    (input) => input.kind !== 'history' && input.of !== 'id' && input.at !== 'moment',
  );
