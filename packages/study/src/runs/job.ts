import { isTowerkitError } from '@towerkit/core';
import type { Estimate } from '@towerkit/metrics';
import type { BaselineName } from '@towerkit/pipeline';

/** One run: a config and a seed, or a baseline on the data of a config. */
export interface Job {
  /** A config file, or a name that the program's loader knows. */
  readonly config: string;
  /** Fits this baseline, with the config's data, split and options of it, in place of the config's own model. */
  readonly baseline?: BaselineName;
  readonly seed: number;
  /** Where the artifact goes. */
  readonly out: string;
  /** Folder of what several runs use: a generated data set, baselines that others learn from. */
  readonly shared: string;
  /** Data in place of the config's own. */
  readonly data?: string;
  /** Threads of the engine. Default: what the config says. */
  readonly threads?: number;
  /** Folder of local text models; the hub when absent. */
  readonly models?: string;
  /** Values of the config to replace, by dotted path. */
  readonly set?: Readonly<Record<string, unknown>>;
}

/** What a run left behind, beside its artifact. */
export interface RunFigures {
  /** Hash of the interactions. */
  readonly fingerprint: string;
  /** Seconds of the run, reading and evaluation included. */
  readonly seconds: number;
  /** Seconds of the fit. */
  readonly fitSeconds: number;
  /** The most memory the run's process held, in bytes. */
  readonly peakMemoryBytes: number;
  /** On the validation targets. */
  readonly metrics: Readonly<Record<string, Estimate>>;
  /** What the run has to say, such as features that the data lacks. */
  readonly notes: readonly string[];
}

/** Why a run has no artifact. */
export interface RunFailure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** How a run ended; `stopped` by a signal, with its checkpoint kept. */
export type RunOutcome =
  | { readonly status: 'done'; readonly figures: RunFigures }
  | { readonly status: 'failed'; readonly error: RunFailure }
  | { readonly status: 'stopped' };

/** An error as a study keeps it. */
export function failureOf(error: unknown): RunFailure {
  if (isTowerkitError(error))
    return {
      code: error.code,
      message: error.message,
      ...(error.hint !== undefined && { hint: error.hint }),
    };
  return { code: 'UNEXPECTED', message: String((error as Error)?.stack ?? error).split('\n')[0] };
}
