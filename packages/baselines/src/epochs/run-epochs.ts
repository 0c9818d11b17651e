import { TowerkitError, type FitOptions } from '@towerkit/core';

/** What a model tells after each epoch of its fit. */
export interface EpochReport<Model> {
  /** From 1. */
  readonly epoch: number;
  /** Seconds of training so far; what `onEpoch` takes does not count. */
  readonly seconds: number;
  /** Mean loss of the epoch's steps, each before its own update. */
  readonly loss: number;
  /** The model as it is now, to evaluate; one of its own, which later epochs do not change. Dispose of it. */
  snapshot(): Promise<Model>;
}

/**
 * What to do after an epoch: go on where nothing is said. `best` keeps this epoch's weights as the model's, whatever
 * comes later, unless a later epoch is `best` too; `stop` ends the fit.
 */
export interface EpochDecision {
  readonly best?: boolean;
  readonly stop?: boolean;
}

/** How a model that learns in epochs is fitted. */
export interface EpochFitOptions<Model> extends FitOptions {
  /** Called after each epoch, between two steps. */
  readonly onEpoch?: (
    report: EpochReport<Model>,
  ) => EpochDecision | undefined | void | Promise<EpochDecision | undefined | void>;
}

/** The parts of a training that {@link runEpochs} needs; `Weights` is what makes a model. */
export interface EpochTraining<Weights, Model> {
  readonly epochs: number;
  /** Trains for an epoch and returns its mean loss. */
  epoch(epoch: number): Promise<number>;
  /** Copies the weights. */
  weights(): Promise<Weights>;
  model(weights: Weights): Model;
}

/**
 * Runs the epochs and returns the weights to keep: those of the last epoch called `best`, or of the last one.
 *
 * @throws TowerkitError `DIVERGED` when a loss is not finite; the signal's reason
 */
export async function runEpochs<Weights, Model>(
  training: EpochTraining<Weights, Model>,
  { onEpoch, onProgress, signal }: EpochFitOptions<Model>,
): Promise<Weights> {
  let best: Weights | undefined;
  let seconds = 0;
  for (let epoch = 1; epoch <= training.epochs; epoch++) {
    signal?.throwIfAborted();
    const start = performance.now();
    const loss = await training.epoch(epoch);
    seconds += (performance.now() - start) / 1000;
    if (!Number.isFinite(loss))
      throw new TowerkitError('DIVERGED', `the loss of epoch ${epoch} is ${loss}`, {
        hint: 'a smaller learningRate may help',
        details: { epoch },
      });
    onProgress?.({ stage: 'fit', done: epoch, total: training.epochs, unit: 'epochs', figures: { loss } });
    const snapshot = async () => training.model(await training.weights());
    const { best: isBest, stop } = (await onEpoch?.({ epoch, seconds, loss, snapshot })) ?? {};
    signal?.throwIfAborted();
    if (isBest) best = await training.weights();
    if (stop) break;
  }
  return best ?? training.weights();
}
