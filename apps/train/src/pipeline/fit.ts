import type { CsrMatrix, OnProgress } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';
import type { TwoTower } from '@towerkit/towers';
import { metricsLog, tensorboard, train, type TrainingCallback, type TrainResult } from '@towerkit/training';

import type { ResolvedConfig } from '../config/schema.js';
import type { Prepared } from './prepare.js';
import { hasCheckpoint, type RunFolder } from './run-folder.js';
import { concatRows } from './split-log.js';
import { startFromAls } from './start-from-als.js';
import { withoutRatings } from './without-ratings.js';

/** What a fit needs beside the data. */
export interface FitOptions {
  readonly config: ResolvedConfig;
  readonly model: TwoTower;
  readonly engine: Engine;
  readonly run: RunFolder;
  readonly resume: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly callbacks: readonly TrainingCallback[];
}

/** Trains on the training rows and keeps the epoch that does best on the validation targets. */
export async function fit(prepared: Prepared, options: FitOptions): Promise<TrainResult> {
  const { config, run, resume, callbacks } = options;
  const { earlyStopping, metrics } = config;
  return train({
    ...(await common(prepared, options, prepared.histories, run.checkpoints)),
    epochs: config.epochs,
    validation: { targets: prepared.targets, metrics },
    earlyStopping: earlyStopping && {
      ...earlyStopping,
      metric: earlyStopping.metric ?? metrics[1] ?? metrics[0],
    },
    callbacks: [metricsLog(run.metrics, { append: resume }), tensorboard(run.tensorboard), ...callbacks],
  });
}

/** Trains anew on every row there is, for a number of epochs that is known to be good. */
export async function refit(prepared: Prepared, options: FitOptions, epochs: number): Promise<TrainResult> {
  return train({
    ...(await common(prepared, options, everyRow(prepared), options.run.refit)),
    epochs,
    callbacks: options.callbacks,
  });
}

/** All rows of each user: training, validation, test. */
export const everyRow = ({ split: { train, validation, test } }: Prepared): CsrMatrix =>
  concatRows(train, validation, ...(test ? [test] : []));

async function common(
  { features, texts, log }: Prepared,
  { config, model, engine, signal, resume, onProgress }: FitOptions,
  histories: CsrMatrix,
  checkpoints: string,
) {
  const { maxLength, windows, positions, negatives, optimizer, seed } = config;
  return {
    model,
    engine,
    signal,
    seed,
    optimizer,
    // A run that goes on has its tables in the checkpoint.
    start:
      resume && (await hasCheckpoint(checkpoints))
        ? undefined
        : await startFromAls(model, histories, config, { signal, onProgress }),
    checkpoint: { folder: checkpoints, resume },
    data: {
      histories: model.loss.ratings ? histories : withoutRatings(histories),
      items: { ...features.items, features: { ...features.items.features, ...texts.features } },
    },
    batches: {
      maxLength,
      windows,
      positions,
      negatives: negatives.map(({ count, ...proposal }) => ({
        proposal,
        count: Math.min(count, log.items.size),
      })),
    },
  };
}
