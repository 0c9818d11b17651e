import { Rng, TowerkitError, type OnProgress } from '@towerkit/core';
import { createEngine, type Engine } from '@towerkit/engine';
import type { Parameters } from '@towerkit/towers';

import { holdCheckpoints } from '../checkpoint/hold-checkpoints.js';
import { loadCheckpoint, saveBest, saveCheckpoint, type Progress } from '../checkpoint/checkpoint.js';
import type { CheckpointOptions } from '../loop/options.js';
import type { Best } from '../loop/early-stopping.js';
import { runSettings } from '../loop/run-settings.js';
import { scheduleFactor } from '../optimizer/schedule.js';
import type { OptimizerOptions } from '../optimizer/settings.js';
import { denseWeights, parametersOf, type ModelState } from '../tables/model-state.js';
import { restoreSnapshot, takeSnapshot, type Snapshot } from '../tables/snapshot.js';
import type { Rows } from './row-input.js';
import { RowStep, type RowTask } from './row-step.js';
import { rowsIdentity } from './rows-identity.js';

/** One pass over the rows. */
export interface RowEpoch {
  /** From 1. */
  readonly epoch: number;
  readonly rows: number;
  readonly seconds: number;
  /** Mean loss of a row. */
  readonly loss: number;
  /** What `validate` gave. */
  readonly validation?: number;
}

/** Options of {@link trainRows}. */
export interface TrainRowsOptions {
  readonly task: RowTask;
  /** The rows of an epoch: the same ones, or others each time, such as fresh negatives. As many in every epoch. */
  readonly rows: Rows | ((epoch: number, rng: Rng) => Rows);
  /** Default 32. */
  readonly batchSize?: number;
  /** Default 10. */
  readonly epochs?: number;
  /** Decides everything drawn at random. Default 0. */
  readonly seed?: number;
  /** Adam; `tables` is not for here. Default as for {@link train}, with a learning rate of .001. */
  readonly optimizer?: Omit<OptimizerOptions, 'tables'>;
  /** An error on rows that are not trained on, lower is better: the best epoch's weights are kept. */
  readonly validate?: (parameters: Parameters, epoch: number) => Promise<number> | number;
  /** Epochs without a better one before it stops. Default 2. */
  readonly patience?: number;
  /** Saved after every epoch, to go on from. */
  readonly checkpoint?: Omit<CheckpointOptions, 'everySteps'> & {
    /** What makes the run this one beside what is checked anyway: the task, the rows of the first epoch, the settings. */
    readonly identity?: Readonly<Record<string, unknown>>;
  };
  /** Default: a new ONNX Runtime engine with `threads`, disposed at the end. */
  readonly engine?: Engine;
  readonly threads?: number;
  /** Receives `{stage: 'train', done, total, unit: 'rows', figures: {epoch, epochs, loss}}`. */
  readonly onProgress?: OnProgress;
  readonly onEpochEnd?: (epoch: RowEpoch) => void;
  /** Stops after the present step; the epochs that were done are in the checkpoint. */
  readonly signal?: AbortSignal;
}

/** What {@link trainRows} made. */
export interface TrainedRows {
  readonly parameters: Parameters;
  readonly epochs: readonly RowEpoch[];
  /** The epoch kept; absent without `validate`. */
  readonly best?: Best;
  /** Whether it was stopped by its signal; the weights are then those of that moment. */
  readonly interrupted: boolean;
}

/** Batches between two reports. */
const REPORT = 16;

/**
 * Trains a model of rows that stand by themselves: each epoch goes through the rows in a fresh order, in batches, with
 * plain Adam over all weights. One compiled step, of a fixed size; the last batch is padded, its padding weighs nothing.
 * The same seed gives the same weights on one thread, also through an interruption and `resume`.
 *
 * @throws TowerkitError `EMPTY_DATA` without rows; `SHAPE_MISMATCH` for rows without an input, or of another width;
 *   `LOSS_NOT_FINITE`; `BAD_OPTION`; `BAD_CHECKPOINT`, `OTHER_RUN`
 * @example
 * ```ts
 * const { parameters } = await trainRows({
 *   task: {
 *     inputs: { x: 2, y: 1 },
 *     init: () => ({ w: zeros([2, 1]) }),
 *     loss: ({ w }, { x, y }) => tf.sum(tf.squaredDifference(tf.matMul(x, w), y), 1),
 *   },
 *   rows: { count: 100, inputs: { x: indexedRows(x), y: numberRows(y) } },
 * });
 * ```
 */
export function trainRows(options: TrainRowsOptions): Promise<TrainedRows> {
  return holdCheckpoints(options.checkpoint?.folder, () => trainAlone(options));
}

async function trainAlone(options: TrainRowsOptions): Promise<TrainedRows> {
  const engine = options.engine ?? (await createEngine({ threads: options.threads }));
  try {
    return await run(options, engine);
  } finally {
    if (!options.engine) await engine.dispose();
  }
}

async function run(options: TrainRowsOptions, engine: Engine): Promise<TrainedRows> {
  const { task, batchSize = 32, validate, patience = 2, checkpoint, signal } = options;
  for (const [option, value] of Object.entries({ batchSize, patience }))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new TowerkitError('BAD_OPTION', `${option} must be 1 or more, got ${value}`, {
        details: { option, value },
      });
  const settings = runSettings({ ...options, optimizer: { learningRate: 0.001, ...options.optimizer } });
  const { epochs, seed, scheduleEpochs, optimizer } = settings;
  const { learningRate, schedule, warmup, dense } = optimizer;
  const root = new Rng(seed);
  const state = freshState(task, root.fork('start'));
  const rowsOf = (epoch: number) =>
    checked(
      task,
      typeof options.rows === 'function' ? options.rows(epoch, root.fork('rows').fork(epoch)) : options.rows,
    );
  const first = rowsOf(1);
  const { count } = first;
  const steps = Math.ceil(count / batchSize);
  const identity = {
    ...checkpoint?.identity,
    batchSize,
    ...(checkpoint && rowsIdentity(task, state, first, settings)),
  };
  const found = checkpoint?.resume ? await loadCheckpoint(checkpoint.folder, state, identity) : undefined;
  let best: Best | undefined = found?.progress.best;
  let kept: Snapshot | undefined = found?.best;
  const done = (found?.progress.epochs ?? []) as unknown as RowEpoch[];
  const step = await RowStep.compile(task, state.parameters, batchSize, engine);
  const result = (interrupted: boolean): TrainedRows => {
    if (!interrupted && kept) restoreSnapshot(state, kept);
    return { parameters: parametersOf(state), epochs: done, best, interrupted };
  };
  try {
    for (let epoch = done.length + 1; epoch <= epochs; epoch++) {
      if (best && epoch - 1 - best.epoch >= patience) break;
      const rows = rowsOf(epoch);
      const rng = root.fork('epoch').fork(epoch);
      const order = rng.fork('order').shuffle(Int32Array.from({ length: rows.count }, (_, row) => row));
      const started = performance.now();
      let sum = 0;
      for (let at = 0; at < order.length; at += batchSize) {
        if (signal?.aborted) return result(true);
        const number = (epoch - 1) * steps + at / batchSize;
        const part = order.subarray(at, at + batchSize);
        const factor = scheduleFactor(schedule, number, scheduleEpochs * steps, warmup);
        const update = { step: number + 1, learningRate: factor * learningRate, settings: dense };
        const loss = await step.run(state, rows, part, update, rng.fork('dropout').fork(at));
        if (!Number.isFinite(loss))
          throw new TowerkitError('LOSS_NOT_FINITE', `the loss became ${loss} at step ${number + 1}`, {
            hint: 'lower the learning rate',
            details: { step: number + 1, epoch },
          });
        sum += loss * part.length;
        if ((at / batchSize) % REPORT === 0)
          options.onProgress?.({
            stage: 'train',
            done: (epoch - 1) * count + at + part.length,
            total: epochs * count,
            unit: 'rows',
            figures: { epoch, epochs, loss },
          });
      }
      const seconds = (performance.now() - started) / 1000;
      const error = await validate?.(parametersOf(state), epoch);
      const report: RowEpoch = {
        epoch,
        rows: count,
        seconds,
        loss: sum / count,
        ...(error !== undefined && { validation: error }),
      };
      done.push(report);
      if (error !== undefined && (best === undefined || error < best.value)) {
        best = { epoch, value: error };
        kept = takeSnapshot(state, kept);
        if (checkpoint) await saveBest(checkpoint.folder, kept);
      }
      if (checkpoint) await saveCheckpoint(checkpoint.folder, state, progressOf(done, steps, best), identity);
      options.onEpochEnd?.(report);
    }
    return result(false);
  } finally {
    await step.dispose();
  }
}

function freshState(task: RowTask, rng: Rng): ModelState {
  return { parameters: denseWeights(task.init(rng)), tables: {}, inputs: {} };
}

function checked(task: RowTask, rows: Rows): Rows {
  if (rows.count < 1) throw new TowerkitError('EMPTY_DATA', 'there are no rows to train on');
  for (const [name, dimensions] of Object.entries(task.inputs))
    if (rows.inputs[name]?.dimensions !== dimensions)
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `the input "${name}" must be ${dimensions} wide, the rows have ${rows.inputs[name]?.dimensions ?? 'none'}`,
        {
          hint: `the task reads ${Object.keys(task.inputs).join(', ')}; the rows have ${Object.keys(rows.inputs).join(', ')}`,
          details: { input: name },
        },
      );
  return rows;
}

const progressOf = (epochs: readonly RowEpoch[], steps: number, best: Best | undefined): Progress => ({
  epoch: epochs.length + 1,
  batch: 0,
  step: epochs.length * steps,
  lossSum: 0,
  examples: 0,
  seconds: 0,
  epochs: epochs as unknown as Progress['epochs'],
  best,
});
