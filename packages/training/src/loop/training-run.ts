import { Rng, TowerkitError } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';

import { BatchAssembler } from '../batches/batch-assembler.js';
import type { Batch } from '../batches/batch.js';
import { batchesOf } from '../batches/batches-of.js';
import type { BatchStream } from '../batches/batch-stream.js';
import { InlineStream } from '../batches/inline-stream.js';
import { checkWhole } from '../batches/whole-catalog.js';
import { WorkerStream } from '../batches/worker-stream.js';
import {
  loadCheckpoint,
  saveBest,
  saveCheckpoint,
  type Progress,
  type RunIdentity,
} from '../checkpoint/checkpoint.js';
import { batchData } from '../data.js';
import { HardNegatives } from '../hard/hard-negatives.js';
import { hardSettings } from '../hard/options.js';
import { checkCausal } from '../step/check-causal.js';
import { CompiledSteps } from '../step/compiled-steps.js';
import { Profile } from '../step/profile.js';
import { runStep, type FeedBuffers, type StepUpdate } from '../step/run-step.js';
import { stepUpdate } from '../step/step-update.js';
import { startingState } from '../tables/continue-state.js';
import { parametersOf, type ModelState } from '../tables/model-state.js';
import { restoreSnapshot, takeSnapshot, type Snapshot } from '../tables/snapshot.js';
import { EarlyStopping } from './early-stopping.js';
import type { EpochReport, TrainingCallback } from './events.js';
import type { TrainOptions } from './options.js';
import { runIdentity } from './run-identity.js';
import { runSettings, type RunSettings } from './run-settings.js';
import type { TrainResult } from './train-result.js';
import { Validation } from './validation.js';

/** The state of one run and the loop over its epochs and steps. */
export class TrainingRun {
  readonly #profile = new Profile();
  readonly #buffers = new Map<number, FeedBuffers>();
  readonly #callbacks: readonly TrainingCallback[];
  readonly #stopping: EarlyStopping | undefined;
  readonly #settings: RunSettings;
  readonly #identity: RunIdentity | undefined;
  #progress: Progress = { epoch: 1, batch: 0, step: 0, lossSum: 0, examples: 0, seconds: 0, epochs: [] };
  #best: Snapshot | undefined;

  private constructor(
    readonly options: TrainOptions,
    readonly state: ModelState,
    readonly stream: BatchStream & { readonly assembler: BatchAssembler },
    readonly steps: CompiledSteps,
    readonly validation: Validation | undefined,
    readonly hard: HardNegatives | undefined,
  ) {
    this.#settings = runSettings(options);
    this.#identity = options.checkpoint && runIdentity(options, parametersOf(state));
    this.#callbacks = options.callbacks ?? [];
    if (validation && options.earlyStopping !== false)
      this.#stopping = new EarlyStopping(options.earlyStopping);
  }

  static async create(options: TrainOptions, engine: Engine): Promise<TrainingRun> {
    const { model, data, worker = true } = options;
    const { seed, scheduleEpochs } = runSettings(options);
    const settings = options.hardNegatives && hardSettings(options.hardNegatives, data.histories.cols);
    const batches = batchesOf(model, options.batches, settings?.count);
    const assembler = new BatchAssembler(batchData(model.loss, data), batches);
    checkWhole(model, data.histories.cols, assembler.shapes);
    const state = startingState(model, data, new Rng(seed).fork('start'), options);
    const { maxLength } = assembler;
    await checkCausal(model, parametersOf(state), maxLength, engine);
    const steps = new CompiledSteps(engine, model, parametersOf(state), assembler.shapes, settings?.weight);
    const hard =
      settings &&
      new HardNegatives({
        ...{ settings, model, data, state, engine, seed, threads: options.threads },
        epochs: scheduleEpochs,
        unseen: batches.unseen,
      });
    const validation =
      options.validation &&
      (await Validation.create(model, state, data.histories, maxLength, options.validation, engine));
    const stream = worker ? new WorkerStream(assembler, seed, batches) : new InlineStream(assembler, seed);
    const run = new TrainingRun(options, state, stream, steps, validation, hard);
    try {
      await run.#resume();
    } catch (error) {
      await run.close();
      throw error;
    }
    return run;
  }

  async run(): Promise<TrainResult> {
    const { options, state } = this;
    let interrupted = false;
    try {
      while (this.#progress.epoch <= this.#settings.epochs && !this.#finished()) {
        interrupted = !(await this.#epoch());
        if (interrupted) break;
      }
    } finally {
      for (const callback of this.#callbacks) await callback.onEnd?.();
    }
    if (!interrupted && this.#best) restoreSnapshot(state, this.#best);
    this.#profile.begin('other');
    return {
      model: options.model,
      data: options.data,
      maxLength: this.stream.assembler.maxLength,
      state,
      epochs: this.#progress.epochs,
      best: this.#stopping?.best,
      interrupted,
      profile: this.#profile.seconds,
    };
  }

  async close(): Promise<void> {
    await this.stream.close();
    await this.steps.dispose();
    await this.validation?.dispose();
  }

  #finished(): boolean {
    return this.#stopping?.exhausted(this.#progress.epoch - 1) ?? false;
  }

  /** @returns false when it was interrupted */
  async #epoch(): Promise<boolean> {
    const progress = this.#progress;
    const { signal, checkpoint } = this.options;
    this.stream.start(progress.epoch, progress.batch);
    const begun = performance.now() - progress.seconds * 1000;
    let compiling = this.#profile.seconds.compile;
    for (;;) {
      if (signal?.aborted) {
        await this.#save();
        return false;
      }
      this.#profile.begin('wait');
      const batch = await this.stream.next();
      if (!batch) break;
      const loss = await this.#step(batch);
      // A graph is compiled once, when its shape first comes up: that is set-up, not training.
      progress.seconds = (performance.now() - begun) / 1000 - (this.#profile.seconds.compile - compiling);
      await this.#emitStep(loss);
      if (checkpoint?.everySteps && progress.step % checkpoint.everySteps === 0) {
        const before = performance.now();
        await this.#save();
        compiling -= (performance.now() - before) / 1000;
      }
    }
    this.#profile.begin('other');
    await this.#endEpoch();
    return true;
  }

  async #step(made: Batch): Promise<number> {
    const { options, state } = this;
    const progress = this.#progress;
    const batch = this.hard ? await this.hard.addTo(made, progress) : made;
    const pairs = batch.masked.length / 2;
    let step = this.steps.find(batch.bucket, pairs);
    if (!step) {
      this.#profile.begin('compile');
      step = await this.steps.compile(batch.bucket, pairs);
    }
    let buffers = this.#buffers.get(batch.bucket);
    if (!buffers) this.#buffers.set(batch.bucket, (buffers = new Map()));
    const rng = new Rng(this.#settings.seed).fork('dropout').fork(progress.epoch).fork(progress.batch);
    const update = this.#update();
    const { teacher } = options;
    const loss = await runStep({ state, step, batch, update, rng, buffers, teacher, profile: this.#profile });
    this.#profile.begin('other');
    if (!Number.isFinite(loss))
      throw new TowerkitError('LOSS_NOT_FINITE', `the loss became ${loss} at step ${progress.step + 1}`, {
        hint: options.checkpoint
          ? `the last good checkpoint is in ${options.checkpoint.folder}; lower the learning rate`
          : 'lower the learning rate',
        details: { step: progress.step + 1, epoch: progress.epoch },
      });
    progress.step++;
    progress.batch++;
    progress.lossSum += loss * batch.examples;
    progress.examples += batch.examples;
    return loss;
  }

  #update(): StepUpdate {
    return stepUpdate(this.#settings, this.#progress.step, this.stream.batches, this.options.earlier);
  }

  async #endEpoch(): Promise<void> {
    const progress = this.#progress;
    const { epoch, seconds, examples, lossSum, step } = progress;
    const metrics = await this.validation?.run((done, total) => {
      for (const callback of this.#callbacks) callback.onEvaluate?.(done, total);
    });
    const report: EpochReport = {
      ...{ epoch, seconds, examples },
      examplesPerSecond: examples / seconds,
      loss: lossSum / examples,
      metrics: metrics ?? {},
    };
    Object.assign(progress, { epoch: epoch + 1, batch: 0, lossSum: 0, examples: 0, seconds: 0 });
    progress.epochs.push(report);
    if (this.#stopping?.observe(report)) {
      this.#best = takeSnapshot(this.state, this.#best);
      progress.best = this.#stopping.best;
      if (this.options.checkpoint) await saveBest(this.options.checkpoint.folder, this.#best);
    }
    await this.#save();
    for (const callback of this.#callbacks) await callback.onEpochEnd?.(report, step);
  }

  async #emitStep(loss: number): Promise<void> {
    const { epoch, step, examples: done, seconds } = this.#progress;
    if (this.#callbacks.length === 0) return;
    const event = {
      epoch,
      epochs: this.#settings.epochs,
      step,
      done,
      total: this.stream.assembler.sequences.examples,
      loss,
      learningRate: this.#update().learningRate,
      rate: done / seconds,
    };
    for (const callback of this.#callbacks) await callback.onStep?.(event);
  }

  async #save(): Promise<void> {
    const { checkpoint } = this.options;
    if (checkpoint)
      await saveCheckpoint(checkpoint.folder, this.state, this.#progress, this.#identity!, this.hard?.lists);
  }

  async #resume(): Promise<void> {
    const { checkpoint } = this.options;
    if (!checkpoint?.resume) return;
    const found = await loadCheckpoint(checkpoint.folder, this.state, this.#identity!, this.hard?.shape);
    if (!found) return;
    this.#progress = found.progress;
    this.#best = found.best;
    if (this.hard) this.hard.lists = found.lists;
    if (this.#stopping) this.#stopping.best = found.progress.best;
  }
}
