import type { OnProgress } from '@towerkit/core';
import type { Estimate } from '@towerkit/metrics';

/** Figures of one epoch. */
export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  /** Seconds of training, evaluation excluded. */
  readonly seconds: number;
  readonly examples: number;
  readonly examplesPerSecond: number;
  /** Mean loss over the epoch's examples. */
  readonly loss: number;
  /** Validation metrics by name, where this epoch was evaluated. */
  readonly metrics: Readonly<Record<string, Estimate>>;
}

/** Something that watches a run. Whatever it does runs between steps, so it should be quick. */
export interface TrainingCallback {
  /** After each step. */
  onStep?(event: StepEvent): void | Promise<void>;
  /** So many users of a validation are ranked. */
  onEvaluate?(done: number, total: number): void;
  /** After each epoch and its validation. */
  onEpochEnd?(report: EpochReport, step: number): void | Promise<void>;
  /** The run is over, by whatever way; called once. */
  onEnd?(): void | Promise<void>;
}

/** A step that was taken. */
export interface StepEvent {
  readonly epoch: number;
  readonly epochs: number;
  /** Steps over the whole run, this one included. */
  readonly step: number;
  /** Examples of this epoch, this step's included, and in all. */
  readonly done: number;
  readonly total: number;
  readonly loss: number;
  readonly learningRate: number;
  /** Training examples per second in this epoch so far. */
  readonly rate: number;
}

/** Passes steps on as progress events (examples done in the epoch, with loss and rate), and evaluations (users). */
export function progress(onProgress: OnProgress): TrainingCallback {
  return {
    onStep: ({ epoch, epochs, done, total, loss, rate }) =>
      onProgress({ stage: 'train', done, total, unit: 'examples', figures: { epoch, epochs, loss, rate } }),
    onEvaluate: (done, total) => onProgress({ stage: 'evaluate', done, total, unit: 'users' }),
  };
}
