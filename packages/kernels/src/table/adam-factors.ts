import { TowerkitError } from '@towerkit/core';

/**
 * One step of Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019).
 */
export interface AdamStep {
  /** Number of this step over the whole training, from 1; bias correction goes by it. */
  readonly step: number;
  readonly learningRate: number;
  /** Decay of the first moment. Default .9. */
  readonly beta1?: number;
  /** Decay of the second moment. Default .999. */
  readonly beta2?: number;
  /** Added to the root of the second moment. Default 1e-8. */
  readonly epsilon?: number;
  /** Share of a weight that decays each step, times the learning rate. Default 0. */
  readonly weightDecay?: number;
}

/**
 * A step's scalars, worked out in float64 and rounded to float32 once. They are gains and a decay, not betas and
 * what is kept, because .001 loses a thousand times less to rounding than .999 does when a moment is averaged
 * over a thousand steps, and 1 - 1e-8 would be 1.
 */
export interface AdamFactors {
  /** 1 - beta1. */
  readonly gain1: number;
  /** 1 - beta2. */
  readonly gain2: number;
  /** learningRate / (1 - beta1^step). */
  readonly rate: number;
  /** 1 / sqrt(1 - beta2^step). */
  readonly unbias: number;
  readonly epsilon: number;
  /** learningRate * weightDecay. */
  readonly decay: number;
}

/** @throws TowerkitError `BAD_OPTION` for a step that makes no sense */
export function adamFactors({
  step,
  learningRate,
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
  weightDecay = 0,
}: AdamStep): AdamFactors {
  if (!(Number.isInteger(step) && step >= 1)) bad('step', step, 'an integer from 1');
  if (!Number.isFinite(learningRate)) bad('learningRate', learningRate, 'a finite number');
  if (!(beta1 >= 0 && beta1 < 1)) bad('beta1', beta1, 'from 0 to below 1');
  if (!(beta2 >= 0 && beta2 < 1)) bad('beta2', beta2, 'from 0 to below 1');
  if (!(epsilon >= 0 && epsilon < Infinity)) bad('epsilon', epsilon, 'a finite number from 0');
  if (!(weightDecay >= 0 && weightDecay < Infinity))
    bad('weightDecay', weightDecay, 'a finite number from 0');
  const { fround } = Math;
  return {
    gain1: fround(1 - beta1),
    gain2: fround(1 - beta2),
    rate: fround(learningRate / (1 - beta1 ** step)),
    unbias: fround(1 / Math.sqrt(1 - beta2 ** step)),
    epsilon: fround(epsilon),
    decay: fround(learningRate * weightDecay),
  };
}

function bad(name: string, value: unknown, expected: string): never {
  throw new TowerkitError('BAD_OPTION', `${name} must be ${expected}, got ${String(value)}`, {
    details: { option: name, value },
  });
}
