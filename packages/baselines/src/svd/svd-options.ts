import { badOption, requireCount } from '@towerkit/core';
import { requireBoolean, requireNumber } from '../recommender/check-options.js';
import { checkScale } from '../ratings/rating-data.js';
import type { RatingOptions } from '../ratings/rating-predictor.js';

/** Settings of {@link Svd}; Surprise's by default. */
export interface SvdOptions extends RatingOptions {
  /** Width of the vectors; 100 by default. */
  readonly factors?: number;
  /** Passes over the ratings; 20 by default. */
  readonly epochs?: number;
  /** Step of the gradient; .005 by default. */
  readonly learningRate?: number;
  /** Weight of the squared parameters in the loss; .02 by default. */
  readonly regularization?: number;
  /** Standard deviation of the normal distribution that vectors start from, about 0; .1 by default. */
  readonly initialDeviation?: number;
  /** Whether a rating is mean + biases + product, or the product alone; true by default. */
  readonly biased?: boolean;
  /** Seed of the first vectors; 0 by default. */
  readonly seed?: number;
}

/** Every default filled in. */
export type SvdSettings = Required<Omit<SvdOptions, 'scale'>> & Pick<SvdOptions, 'scale'>;

/** @throws TowerkitError `BAD_OPTION` naming the option */
export function svdSettings({
  factors = 100,
  epochs = 20,
  learningRate = 0.005,
  regularization = 0.02,
  initialDeviation = 0.1,
  biased = true,
  seed = 0,
  scale,
}: SvdOptions): SvdSettings {
  requireCount('factors', factors);
  requireCount('epochs', epochs, 0);
  requireNumber('learningRate', learningRate, 0, { above: true });
  requireNumber('regularization', regularization, 0);
  requireNumber('initialDeviation', initialDeviation, 0);
  requireBoolean('biased', biased);
  if (!Number.isSafeInteger(seed)) throw badOption('seed', seed, 'must be an integer');
  checkScale(scale);
  return { factors, epochs, learningRate, regularization, initialDeviation, biased, seed, scale };
}
