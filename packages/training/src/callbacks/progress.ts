import type { OnProgress } from '@towerkit/core';

import type { TrainingCallback } from '../loop/events.js';

/** Passes steps on as progress events (examples done in the epoch, with loss and rate), and evaluations (users). */
export function progress(onProgress: OnProgress): TrainingCallback {
  return {
    onStep: ({ epoch, epochs, done, total, loss, rate }) =>
      onProgress({ stage: 'train', done, total, unit: 'examples', figures: { epoch, epochs, loss, rate } }),
    onEvaluate: (done, total) => onProgress({ stage: 'evaluate', done, total, unit: 'users' }),
  };
}
