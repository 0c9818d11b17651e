import { requireCount } from '@towerkit/core';
import { requireBoolean, requireNumber } from '../recommender/check-options.js';

/** Settings of {@link BprMf}. */
export interface BprMfOptions {
  /** Width of the vectors, 64 by default. */
  readonly factors?: number;
  /** Passes over as many drawn triples as there are interactions, 300 by default. */
  readonly epochs?: number;
  /** Learning rate of the first epoch; it falls in a straight line to a hundredth of it. .3 by default. */
  readonly learningRate?: number;
  /** Weight of the vectors' squares, .01 by default. */
  readonly regularization?: number;
  /** Weight of the item biases' squares; 1 by default, which leaves popularity to the vectors. */
  readonly biasRegularization?: number;
  /** Whether items have a bias, true by default. */
  readonly bias?: boolean;
  /** 0 by default. */
  readonly seed?: number;
  /** Threads that score, one per core by default; the fit is one thread's work. */
  readonly threads?: number;
}

/** Every setting with its default. */
export type BprMfSettings = Required<Omit<BprMfOptions, 'threads'>> & Pick<BprMfOptions, 'threads'>;

/** @throws TowerkitError `BAD_OPTION` */
export function bprSettings({
  factors = 64,
  epochs = 300,
  learningRate = 0.3,
  regularization = 0.01,
  biasRegularization = 1,
  bias = true,
  seed = 0,
  threads,
}: BprMfOptions): BprMfSettings {
  requireCount('factors', factors);
  requireCount('epochs', epochs);
  requireNumber('learningRate', learningRate, 0, { above: true });
  requireNumber('regularization', regularization, 0);
  requireNumber('biasRegularization', biasRegularization, 0);
  requireBoolean('bias', bias);
  requireCount('seed', seed, -Infinity);
  if (threads !== undefined) requireCount('threads', threads);
  return { factors, epochs, learningRate, regularization, biasRegularization, bias, seed, threads };
}
