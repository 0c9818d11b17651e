import { Als } from '@towerkit/als';
import { Bias } from '@towerkit/baselines';
import { CsrMatrix, type FitOptions } from '@towerkit/core';

import { ITEM_REGULARIZATION, scalesOf, type Foundation } from '../model/foundation.js';
import type { HybridConfig } from '../schema.js';
import type { Reviews } from './read-reviews.js';
import { ratingsOf } from './split.js';

/** ALS on what users took; anonymous users are left out, so that their vectors are zeros. */
export async function fitAls(
  { log, anonymous }: Pick<Reviews, 'log' | 'anonymous'>,
  train: Int32Array,
  options: HybridConfig['als'],
  { seed, threads, ...fit }: { seed: number; threads?: number } & FitOptions,
): Promise<Als> {
  const { rows, cols, indptr, indices } = ratingsOf(
    log,
    train.filter((row) => !anonymous[log.user[row]]),
  );
  const als = new Als({ ...options, seed, threads });
  await als.fit(new CsrMatrix(rows, cols, indptr, indices), fit);
  return als;
}

/** Fits the biases, and ALS where it is not fitted yet. */
export async function fitFoundation(
  reviews: Pick<Reviews, 'log' | 'anonymous'>,
  train: Int32Array,
  { als: options, scale }: Pick<HybridConfig, 'als' | 'scale'>,
  { seed, threads, als: fitted, ...fit }: { seed: number; threads?: number; als?: Als } & FitOptions,
): Promise<Foundation> {
  const ratings = ratingsOf(reviews.log, train);
  const als = fitted ?? (await fitAls(reviews, train, options, { seed, threads, ...fit }));
  const bias = new Bias({ scale, itemRegularization: ITEM_REGULARIZATION });
  bias.fit(ratings);
  return {
    als,
    scales: scalesOf(als),
    mean: bias.mean,
    itemBias: bias.itemBiases,
    counts: ratings.columnCounts(),
  };
}
