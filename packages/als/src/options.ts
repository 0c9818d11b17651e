import { TowerkitError } from '@towerkit/core';

/**
 * How the rows of a half iteration are solved.
 *
 * - `auto`: short rows exactly, in the dual form; the others by conjugate gradients, from the factors that are there. The
 *   users of the last iteration are solved exactly, so that a fold-in gives the same factors.
 * - `exact`: all rows exactly.
 * - `cg`: all rows by conjugate gradients.
 */
export type AlsSolver = 'auto' | 'exact' | 'cg';

/** What {@link Als} is made with. */
export interface AlsOptions {
  /** Length of the vectors, 128 by default. */
  readonly factors?: number;
  /** Weight of the squared vectors in the loss (lambda), above 0; factors * 5 / 64 by default. */
  readonly regularization?: number;
  /** What a value of 1 adds to the confidence, above 0; 40 by default. */
  readonly alpha?: number;
  /** Confidence of what was not observed, above 0; 1 by default. */
  readonly unobservedWeight?: number;
  /** Nu of the frequency-scaled regularization: 0 (the default) for the same lambda in each row, 1 for one that grows as the row. */
  readonly exponent?: number;
  /** 15 by default. */
  readonly iterations?: number;
  /** Of the first user factors, 0 by default. */
  readonly seed?: number;
  /** `auto` by default. */
  readonly solver?: AlsSolver;
  /** Conjugate gradient steps of a row, at most; 3 by default. */
  readonly cgSteps?: number;
  /** Whether each iteration reports its loss; that takes about a tenth of its time. False by default. */
  readonly computeLoss?: boolean;
  /** Worker threads; one per core by default, and at most. The factors are the same on any number. */
  readonly threads?: number;
}

/** Options with every default filled in; threads may stay open. */
export type Settings = Required<Omit<AlsOptions, 'threads'>> & Pick<AlsOptions, 'threads'>;

const SOLVERS = ['auto', 'exact', 'cg'];

/** @throws TowerkitError `BAD_OPTION` naming the option */
export function settings(options: AlsOptions): Settings {
  const { factors = 128 } = options;
  const all: Settings = {
    factors,
    regularization: (factors * 5) / 64,
    alpha: 40,
    unobservedWeight: 1,
    exponent: 0,
    iterations: 15,
    seed: 0,
    solver: 'auto',
    cgSteps: 3,
    computeLoss: false,
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  };
  const count = (least: number) => (value: unknown) =>
    Number.isSafeInteger(value) && (value as number) >= least;
  const number = (test: (value: number) => boolean) => (value: unknown) =>
    typeof value === 'number' && Number.isFinite(Math.fround(value)) && test(value);
  const above0 = number((value) => Math.fround(value) > 0);
  const rules: Record<keyof Settings, [string, (value: unknown) => boolean]> = {
    factors: ['an integer from 1 to 2048', (value) => count(1)(value) && (value as number) <= 2048],
    regularization: ['a number above 0', above0],
    alpha: ['a number above 0', above0],
    unobservedWeight: ['a number above 0', above0],
    exponent: ['a number from 0 to 2', number((value) => value >= 0 && value <= 2)],
    iterations: ['a positive integer', count(1)],
    seed: ['an integer', (value) => Number.isSafeInteger(value)],
    solver: [`one of ${SOLVERS.join(', ')}`, (value) => SOLVERS.includes(value as string)],
    cgSteps: ['a positive integer', count(1)],
    computeLoss: ['true or false', (value) => typeof value === 'boolean'],
    threads: ['a positive integer', (value) => value === undefined || count(1)(value)],
  };
  for (const [name, [what, fits]] of Object.entries(rules)) {
    const value = all[name as keyof Settings];
    if (!fits(value))
      throw new TowerkitError('BAD_OPTION', `${name} must be ${what}, got ${String(value)}`, {
        details: { option: name, value },
      });
  }
  return all;
}
