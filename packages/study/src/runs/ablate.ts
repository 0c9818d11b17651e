import type { OnProgress } from '@towerkit/core';
import { builtProgram, holdPath } from '@towerkit/core/files';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { TowerkitError } from '../errors.js';
import { deadline } from './deadline.js';
import type { Job, RunOutcome } from './job.js';
import { planVariants, type Variant } from './plan.js';
import { beginRun, finishedRun, runHash, writeRunFile } from './run-file.js';
import type { LoadConfig } from './run-job.js';
import { runProcess } from './run-process.js';

/** Options of {@link ablate}. */
export interface AblateOptions {
  /** Folders, files or names of configs, and names of baselines, which take data and split from the first config. */
  readonly configs: readonly string[];
  /** Folder of the study: `runs/<variant>-s<seed>` are artifacts, each with a file of what it took. */
  readonly out: string;
  /** Reads a config. */
  readonly load: LoadConfig;
  /** Program of a run, which calls `serveJobs`. Default: one that looks packages up from each config. */
  readonly worker?: URL;
  /** Data of every run, in place of the configs' own. */
  readonly data?: string;
  /** Seeds 0, 1, ... of each variant. Default 3. */
  readonly seeds?: number;
  /** No run goes on after so many minutes; the same call goes on with what is left. Default: no limit. */
  readonly minutes?: number;
  /** Threads of the engine. Default: what each config says. */
  readonly threads?: number;
  /** Folder of local text models; the hub when absent. */
  readonly models?: string;
  readonly signal?: AbortSignal;
  /** Told when a run begins. */
  readonly onRun?: (run: { variant: string; seed: number; place: number; runs: number }) => void;
  /** Told how each ended, also those that were done before. */
  readonly onRunEnd?: (run: StudyRun) => void;
  readonly onProgress?: OnProgress;
}

/** One run of a study. */
export interface StudyRun {
  readonly variant: string;
  readonly seed: number;
  /** Folder of its artifact, which is there if it is done. */
  readonly artifact: string;
  /** `left`: the time was over before it began. */
  readonly outcome: RunOutcome | { readonly status: 'left' };
  /** Whether an earlier call had done it. */
  readonly earlier: boolean;
}

/**
 * Runs every variant with every seed, one after the other, each in a process of its own: first all variants with one seed, then all
 * with the next. A run that fails is noted, and the others go on. What an earlier call finished is not run again; where one was
 * stopped, or killed, its checkpoint is gone on with.
 *
 * @returns every run, in that order
 * @throws TowerkitError `BAD_OPTION`; `LOCKED` while another process runs the study; `UNWRITABLE`
 */
export async function ablate(options: AblateOptions): Promise<StudyRun[]> {
  const { seeds = 3, minutes } = options;
  requirePositive('seeds', seeds, Number.isInteger(seeds));
  if (minutes !== undefined) requirePositive('minutes', minutes, Number.isFinite(minutes));
  const variants = await planVariants(options.configs, options.load);
  const { signal, release } = deadline(minutes, options.signal);
  await mkdir(join(options.out, 'runs'), { recursive: true }).catch(() => undefined); // the lock says what is wrong
  return holdPath(join(options.out, 'study'), async () => {
    const runs: StudyRun[] = [];
    for (let seed = 0; seed < seeds; seed++)
      for (const variant of variants) {
        const place = runs.length + 1;
        options.onRun?.({ variant: variant.name, seed, place, runs: seeds * variants.length });
        const run = await runOne(variant, seed, { ...options, signal });
        runs.push(run);
        options.onRunEnd?.(run);
      }
    return runs;
  }).finally(release);
}

async function runOne(
  { name, config, baseline, loaded, error }: Variant,
  seed: number,
  options: AblateOptions & { readonly signal: AbortSignal },
): Promise<StudyRun> {
  const { out, data, threads, models, signal, onProgress } = options;
  const artifact = join(out, 'runs', `${name}-s${seed}`);
  const run = { variant: name, seed, artifact };
  if (!loaded) return { ...run, outcome: { status: 'failed', error: error! }, earlier: false };
  const ofData = data ?? (loaded.config.data.path && resolve(loaded.folder, loaded.config.data.path));
  const job: Job = {
    ...{ config, seed, out: artifact, shared: join(out, 'shared'), threads, models },
    ...(data !== undefined && { data }),
    ...(baseline && { baseline }),
  };
  const hash = await runHash(loaded.hash, { ...job, data: ofData });
  const finished = await finishedRun(artifact, hash);
  if (finished?.figures)
    return { ...run, outcome: { status: 'done', figures: finished.figures }, earlier: true };
  if (signal.aborted) return { ...run, outcome: { status: 'left' }, earlier: false };
  const { worker = builtProgram(import.meta.url, 'worker.js') } = options;
  await beginRun(artifact, { variant: name, seed, hash });
  const outcome = await runProcess(job, { worker, signal, onProgress });
  if (outcome.status === 'done')
    await writeRunFile(artifact, { variant: name, seed, hash, figures: outcome.figures });
  if (outcome.status === 'failed')
    await writeRunFile(artifact, { variant: name, seed, hash, error: outcome.error });
  return { ...run, outcome, earlier: false };
}

function requirePositive(option: string, value: number, fits: boolean): void {
  if (fits && value > 0) return;
  throw new TowerkitError('BAD_OPTION', `${option} must be above 0, not ${value}`, { details: { option } });
}
