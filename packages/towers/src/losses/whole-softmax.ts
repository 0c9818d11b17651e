import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import type { Loss } from './loss.js';
import { sampledSoftmax } from './sampled-softmax.js';
import { smoothed, wholeMean } from './whole-mean.js';

/** Options of {@link wholeSoftmax}. */
export interface WholeSoftmaxOptions {
  /** Share of the target's probability that goes to all items alike, in [0, 1). Default 0. */
  readonly smoothing?: number;
}

/**
 * The softmax over the whole catalog: the cross-entropy of the target among all items, those the user has had left out of the
 * others. It needs batches whose candidates are the catalog (`negatives: 'all'`), and keeps no array of positions x items.
 *
 * With `smoothing` e (label smoothing, Szegedy et al. 2016) the target has the probability 1 - e, and e is shared by all items:
 *
 *     loss_i = log sum_j exp(s_ij) - (1 - e) s_i,target - e mean_j s_ij
 *
 * @throws TowerkitError `BAD_OPTION` for a smoothing outside [0, 1)
 * @example
 * ```ts
 * twoTower({ item: itemTower(), user: selfAttentionTower(), loss: wholeSoftmax({ smoothing: 0.1 }) });
 * ```
 */
export function wholeSoftmax({ smoothing = 0 }: WholeSoftmaxOptions = {}): Loss {
  if (!(smoothing >= 0 && smoothing < 1))
    throw new TowerkitError('BAD_OPTION', `smoothing must be in [0, 1), got ${smoothing}`, {
      details: { option: 'smoothing', value: smoothing },
    });
  const rows = sampledSoftmax();
  return {
    name: 'whole-softmax',
    settings: { smoothing },
    whole: 'needed',
    apply: (batch) =>
      smoothing > 0 ? tf.add(rows.apply(batch), smoothed(batch, smoothing)) : rows.apply(batch),
    mean: (batch, weights) => wholeMean(batch, weights, smoothing),
  };
}
