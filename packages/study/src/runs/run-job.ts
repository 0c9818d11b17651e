import { holdArtifact, readArtifact } from '@towerkit/artifact';
import type { OnProgress } from '@towerkit/core';
import { holdPath, writeFolderAtomic } from '@towerkit/core/files';
import { createEngine } from '@towerkit/engine';
import { textPlaces } from '@towerkit/features';
import {
  buildModel,
  canResume,
  checkConfig,
  clearRun,
  locateDataset,
  openTeacher,
  prepare,
  runFolder,
  shapesOf,
  trainTwoTower,
  withPathsFrom,
  withoutAbsent,
  type LocatedDataset,
  type Prepared,
  type ResolvedConfig,
} from '@towerkit/pipeline';
import type { LoadedConfig } from '@towerkit/pipeline/config-files';
import { progress } from '@towerkit/training';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { TowerkitError } from '../errors.js';
import type { Job, RunFigures } from './job.js';
import { setValues } from './set-values.js';
import { sharedBaseline } from './shared-baseline.js';
import { withSharedStart } from './shared-start.js';

/** Reads a config, by a file or a name. */
export type LoadConfig = (given: string) => Promise<LoadedConfig>;

/** Options of {@link runJob}. */
export interface RunJobOptions {
  /** Stops the run after a step; its checkpoint is kept, and the same job goes on with it. */
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/**
 * Makes the artifact of a job. A run that was stopped, or killed, goes on with its checkpoint. Validation targets are never
 * trained on: `refit` of the config has no effect.
 *
 * @returns its figures; `undefined` where the signal stopped it
 * @throws TowerkitError what reading, preparing and training throw; `BAD_CONFIG` for a config of a hybrid
 */
export async function runJob(
  job: Job,
  load: LoadConfig,
  { signal, onProgress }: RunJobOptions = {},
): Promise<RunFigures | undefined> {
  const started = performance.now();
  const { config: given, dataset } = await located(job, await load(job.config));
  const { config, absent } = withoutAbsent(given, dataset.source, dataset.folder);
  return holdArtifact(job.out, async () => {
    const prepared = await prepare(dataset, config, onProgress, textPlaces(job.out, job));
    const make = job.baseline ? fitAlone : trainTowers;
    if (!(await make(prepared, config, job, { signal, onProgress }))) return undefined;
    const { manifest } = await readArtifact(job.out);
    const { fitSeconds } = manifest.model;
    return {
      fingerprint: prepared.fingerprint,
      seconds: (performance.now() - started) / 1000,
      fitSeconds: typeof fitSeconds === 'number' ? fitSeconds : NaN,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      metrics: manifest.metrics,
      notes: absent.length > 0 ? [`features left out, which the data lacks: ${absent.join(', ')}`] : [],
    };
  });
}

/** The config as the job has it, and its data. */
async function located(
  job: Job,
  { config, folder }: LoadedConfig,
): Promise<{ config: ResolvedConfig; dataset: LocatedDataset }> {
  if (config.hybrid)
    throw new TowerkitError('BAD_CONFIG', `${job.config} is of a hybrid, which a study does not train`, {
      hint: 'give configs of two-towers, and baselines by name',
    });
  const changed = job.set ? checkConfig(setValues(config, job.set), job.config) : config;
  const { seed, threads = changed.threads } = job;
  const own = { ...withPathsFrom(changed, folder), seed, threads, refit: false };
  const path = job.data ?? (own.data.path && resolve(folder, own.data.path));
  const dataset =
    path === undefined ? await generated(own.data, job.shared) : await locateDataset(own.data, path, '');
  return { config: own, dataset };
}

/** A generated shop, made once for all runs that ask for the same one. */
function generated(data: ResolvedConfig['data'], shared: string): Promise<LocatedDataset> {
  const key = createHash('sha256').update(JSON.stringify(data.generate ?? {}));
  const folder = join(shared, `shop-${key.digest('hex').slice(0, 12)}`);
  return holdPath(folder, () =>
    locateDataset(data, existsSync(join(folder, 'shop.json')) ? folder : undefined, folder),
  );
}

/** @returns whether it was done; always, as a fit that is stopped throws */
async function fitAlone(
  prepared: Prepared,
  config: ResolvedConfig,
  { baseline, shared, out }: Job,
  options: RunJobOptions,
): Promise<boolean> {
  const made = await sharedBaseline(baseline!, prepared, config, shared, options);
  await writeFolderAtomic(out, (fresh) => cp(made, fresh, { recursive: true }));
  return true;
}

/** @returns whether it was done, rather than stopped */
async function trainTowers(
  prepared: Prepared,
  given: ResolvedConfig,
  { out, shared, models }: Job,
  { signal, onProgress }: RunJobOptions,
): Promise<boolean> {
  const { engine: kind, threads, executionProviders, distill } = given;
  const engine = await createEngine({ kind, threads, executionProviders });
  try {
    const model = buildModel(given, shapesOf(prepared));
    const config = await withSharedStart(given, model, prepared, shared, { signal, onProgress });
    const run = runFolder(out);
    const resume = await canResume(run);
    if (!resume) await clearRun(run);
    const teacher =
      distill?.baseline &&
      (await openTeacher(
        await sharedBaseline(distill.baseline, prepared, config, shared, { signal, onProgress }),
        prepared,
        { threads, models },
      ));
    try {
      const trained = await trainTwoTower(prepared, {
        ...{ config, model, engine, run, resume, refit: false, models, signal, onProgress },
        ...(teacher && { teacher }),
        ...(onProgress && { callbacks: [progress(onProgress)] }),
      });
      if (trained.interrupted) return false;
      await trained.save(out);
    } finally {
      await teacher?.dispose();
    }
    await clearRun(run);
    await rmdir(run.folder).catch(() => undefined); // somebody may keep something else in it
    return true;
  } finally {
    await engine.dispose();
  }
}
