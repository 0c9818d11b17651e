import type { Engine } from '@towerkit/engine';
import type { TwoTower } from '@towerkit/towers';
import { metricsLog, tensorboard, train, type TrainingCallback, type TrainResult } from '@towerkit/training';
import { CsrMatrix } from '@towerkit/core';

import type { ResolvedConfig } from '../config/schema.js';
import type { Prepared } from './prepare.js';
import type { RunFolder } from './run-folder.js';
import { concatRows } from './split-log.js';

/** What a fit needs beside the data. */
export interface FitOptions {
  readonly config: ResolvedConfig;
  readonly model: TwoTower;
  readonly engine: Engine;
  readonly run: RunFolder;
  readonly resume: boolean;
  readonly signal?: AbortSignal;
  readonly callbacks: readonly TrainingCallback[];
}

/** Trains on the training rows and keeps the epoch that does best on the validation targets. */
export function fit(prepared: Prepared, options: FitOptions): Promise<TrainResult> {
  const { config, run, resume, callbacks } = options;
  const { earlyStopping, metrics } = config;
  return train({
    ...common(prepared, options, prepared.histories),
    epochs: config.epochs,
    validation: { targets: prepared.targets, metrics },
    earlyStopping: earlyStopping && {
      ...earlyStopping,
      metric: earlyStopping.metric ?? metrics[1] ?? metrics[0],
    },
    checkpoint: { folder: run.checkpoints, resume },
    callbacks: [metricsLog(run.metrics, { append: resume }), tensorboard(run.tensorboard), ...callbacks],
  });
}

/** Trains anew on every row there is, for a number of epochs that is known to be good. */
export function refit(prepared: Prepared, options: FitOptions, epochs: number): Promise<TrainResult> {
  return train({
    ...common(prepared, options, everyRow(prepared)),
    epochs,
    checkpoint: { folder: options.run.refit, resume: options.resume },
    callbacks: options.callbacks,
  });
}

/** All rows of each user: training, validation, test. */
export const everyRow = ({ split: { train, validation, test } }: Prepared): CsrMatrix =>
  concatRows(train, validation, ...(test ? [test] : []));

function common(
  { features, log }: Prepared,
  { config, model, engine, signal }: FitOptions,
  histories: CsrMatrix,
) {
  const { maxLength, windows, positions, negatives, optimizer, seed } = config;
  const { rows, cols, indptr, indices } = histories;
  return {
    model,
    engine,
    signal,
    seed,
    optimizer,
    data: {
      histories: model.loss.ratings ? histories : new CsrMatrix(rows, cols, indptr, indices),
      items: features.items,
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
