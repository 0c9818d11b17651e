import { TowerkitError } from '@towerkit/core';
import { isRatingMetric } from '@towerkit/metrics';

import type { EarlyStoppingOptions } from './options.js';
import type { EpochReport } from './events.js';

/** The best epoch so far. */
export interface Best {
  readonly epoch: number;
  readonly value: number;
}

/** Keeps the best epoch by a metric and says when it has not improved for too long. */
export class EarlyStopping {
  readonly metric: string;
  readonly patience: number;
  best: Best | undefined;

  constructor({ metric = 'ndcg@10', patience = 2 }: EarlyStoppingOptions = {}) {
    this.metric = metric;
    this.patience = patience;
  }

  /**
   * @returns whether this epoch is the best yet
   * @throws TowerkitError `UNKNOWN_METRIC` when it was not measured
   */
  observe({ epoch, metrics }: EpochReport): boolean {
    const value = metrics[this.metric]?.value;
    if (value === undefined)
      throw new TowerkitError(
        'UNKNOWN_METRIC',
        `early stopping watches "${this.metric}", which is not measured`,
        {
          hint: `measured: ${Object.keys(metrics).join(', ')}`,
        },
      );
    const better =
      this.best === undefined ||
      (isRatingMetric(this.metric) ? value < this.best.value : value > this.best.value);
    if (better) this.best = { epoch, value };
    return better;
  }

  /** Whether to stop after this epoch. */
  exhausted(epoch: number): boolean {
    return this.best !== undefined && epoch - this.best.epoch >= this.patience;
  }
}
