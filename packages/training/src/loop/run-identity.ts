import type { RunIdentity } from '../checkpoint/checkpoint.js';
import { optimizerSettings } from '../optimizer/settings.js';
import type { TrainOptions } from './options.js';

/** The settings that a resumed run must share with the one it continues. */
export function runIdentity({
  model,
  data,
  seed = 1,
  epochs = 10,
  batches,
  optimizer,
}: TrainOptions): RunIdentity {
  const { histories } = data;
  const settings = optimizerSettings(optimizer);
  return {
    towers: [model.item.name, model.user.name, model.loss.name, model.width],
    users: histories.rows,
    items: histories.cols,
    interactions: histories.entries,
    seed,
    // A schedule stretches over all epochs; with a constant rate a run may be continued for longer.
    ...(settings.schedule !== 'constant' && { epochs }),
    batches: batches ?? {},
    optimizer: settings,
  };
}
