import { requireCount } from '@towerkit/core';
import { requireNumber, requireOneOf } from '../recommender/check-options.js';

const LOSSES = ['bpr', 'softmax'] as const;

/** Settings of {@link LightGcn}. */
export interface LightGcnOptions {
  /** Width of the embeddings, 64 by default. */
  readonly factors?: number;
  /** Layers of propagation, 3 by default. */
  readonly layers?: number;
  /** Passes over the interactions, 20 by default; large sets gain from more. */
  readonly epochs?: number;
  /** Adam's rate in the first epoch; it falls in a straight line to a tenth of it. .05 by default. */
  readonly learningRate?: number;
  /** Weight of the squares of the free embeddings that a batch touches, 1e-4 by default. */
  readonly regularization?: number;
  /**
   * Interactions of a step, which costs six sparse products whatever its size; at most a tenth of all, so that small
   * sets get enough steps. 32,768 by default.
   */
  readonly batchSize?: number;
  /**
   * Items drawn for each interaction, uniformly from those its user does not have. 8 by default: they cost little beside
   * the propagation. */
  readonly negatives?: number;
  /** `bpr`, the default: the mean over the negatives; or the `softmax` over the item and its negatives. */
  readonly loss?: (typeof LOSSES)[number];
  /** 0 by default. */
  readonly seed?: number;
  /** One per core by default; the weights do not depend on it. */
  readonly threads?: number;
}

/** Every setting with its default. */
export type LightGcnSettings = Required<Omit<LightGcnOptions, 'threads'>> & Pick<LightGcnOptions, 'threads'>;

/** @throws TowerkitError `BAD_OPTION` */
export function lightGcnSettings({
  factors = 64,
  layers = 3,
  epochs = 20,
  learningRate = 0.05,
  regularization = 1e-4,
  batchSize = 32_768,
  negatives = 8,
  loss = 'bpr',
  seed = 0,
  threads,
}: LightGcnOptions): LightGcnSettings {
  requireCount('factors', factors);
  requireCount('layers', layers);
  requireCount('epochs', epochs);
  requireNumber('learningRate', learningRate, 0, { above: true });
  requireNumber('regularization', regularization, 0);
  requireCount('batchSize', batchSize);
  requireCount('negatives', negatives);
  requireOneOf('loss', loss, LOSSES);
  requireCount('seed', seed, -Infinity);
  if (threads !== undefined) requireCount('threads', threads);
  return {
    ...{ factors, layers, epochs, learningRate, regularization, batchSize, negatives, loss, seed, threads },
  };
}
