import { adamSettings, type AdamOptions, type AdamSettings } from './adam.js';
import type { Schedule } from './schedule.js';

/** How the weights move. */
export interface OptimizerOptions extends AdamOptions {
  /** For dense weights. Default .005. */
  readonly learningRate?: number;
  /** Default `cosine`: down to zero over `scheduleEpochs`. */
  readonly schedule?: Schedule;
  /**
   * Epochs that the schedule stretches over, where it is to be longer than the run: 3 epochs of a schedule of 6 are the
   * first half of a run of 6 epochs that was found best at its third. Default: the run's `epochs`.
   */
  readonly scheduleEpochs?: number;
  /** Steps over which the rate rises first. Default 0. */
  readonly warmup?: number;
  /**
   * What differs for the rows of embedding tables. Their learning rate is twice `learningRate` by default: a row is
   * touched now and then, a dense weight at every step.
   */
  readonly tables?: AdamOptions & { readonly learningRate?: number };
}

/** {@link OptimizerOptions} with every default filled in. */
export interface OptimizerSettings {
  readonly schedule: Schedule;
  readonly warmup: number;
  readonly learningRate: number;
  readonly tableLearningRate: number;
  readonly dense: AdamSettings;
  readonly tables: AdamSettings;
}

/** Fills in the defaults. */
export function optimizerSettings({
  learningRate = 0.005,
  schedule = 'cosine',
  warmup = 0,
  tables: { learningRate: tableLearningRate = 2 * learningRate, ...tables } = {},
  ...adam
}: Omit<OptimizerOptions, 'scheduleEpochs'> = {}): OptimizerSettings {
  return {
    schedule,
    warmup,
    learningRate,
    tableLearningRate,
    dense: adamSettings(adam),
    tables: adamSettings({ ...adam, ...tables }),
  };
}
