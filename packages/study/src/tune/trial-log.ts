import { writeFileAtomic } from '@towerkit/core/files';
import { readFile } from 'node:fs/promises';

import type { RunFailure } from '../runs/job.js';
import type { Point } from './space.js';

/** One trial of a search. */
export interface Trial {
  /** From 0, which is the config as it stands. */
  readonly trial: number;
  readonly point: Point;
  /** Epochs it was given, where not those of the config. */
  readonly epochs?: number;
  /** Metric on the validation targets; absent where it failed. */
  readonly value?: number;
  readonly seconds?: number;
  readonly error?: RunFailure;
}

/** A file of trials: a search that is started again goes on behind them. */
export interface TrialLog {
  /** Hash of what is searched and where. */
  readonly hash: string;
  readonly trials: readonly Trial[];
}

/** Trials of an earlier call with the same hash; none where there was no such call. */
export async function readTrials(file: string, hash: string): Promise<Trial[]> {
  try {
    const log = JSON.parse(await readFile(file, 'utf8')) as TrialLog;
    return log.hash === hash ? [...log.trials] : [];
  } catch {
    return []; // absent, or not whole
  }
}

/** @throws TowerkitError `UNWRITABLE` */
export const writeTrials = (file: string, log: TrialLog): Promise<void> =>
  writeFileAtomic(file, `${JSON.stringify(log, null, 2)}\n`);
