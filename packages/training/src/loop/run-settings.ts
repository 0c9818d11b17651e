import { TowerkitError } from '@towerkit/core';

import { optimizerSettings, type OptimizerOptions, type OptimizerSettings } from '../optimizer/settings.js';

/** How long a run is and how its weights move, with every default filled in: of `train` and of `trainRows`. */
export interface RunSettings {
  readonly epochs: number;
  readonly seed: number;
  /** Epochs that the learning rate's schedule stretches over: `epochs` or more. */
  readonly scheduleEpochs: number;
  readonly optimizer: OptimizerSettings;
}

/**
 * Fills in the defaults: 10 epochs, seed 0, a schedule over all epochs.
 *
 * @throws TowerkitError `BAD_OPTION` for epochs that are not 1, 2, ..., or a schedule that ends before they do
 */
export function runSettings({
  epochs = 10,
  seed = 0,
  optimizer: { scheduleEpochs = epochs, ...optimizer } = {},
}: {
  readonly epochs?: number;
  readonly seed?: number;
  readonly optimizer?: OptimizerOptions;
}): RunSettings {
  for (const [option, value] of Object.entries({ epochs, scheduleEpochs }))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new TowerkitError('BAD_OPTION', `${option} must be 1 or more, got ${value}`, {
        details: { option, value },
      });
  if (scheduleEpochs < epochs)
    throw new TowerkitError(
      'BAD_OPTION',
      `a schedule of ${scheduleEpochs} epochs ends before the run of ${epochs}`,
      {
        hint: 'make scheduleEpochs at least epochs: behind its end the learning rate is that of its last step',
        details: { option: 'scheduleEpochs', value: scheduleEpochs },
      },
    );
  return { epochs, seed, scheduleEpochs, optimizer: optimizerSettings(optimizer) };
}
