import { holdArtifact } from '@towerkit/artifact';
import {
  checkConfig,
  checkOutput,
  locateDataset,
  prepare,
  trainBaseline,
  type BaselineName,
  type LocatedDataset,
  type ResolvedConfig,
} from '@towerkit/pipeline';
import type { LoadedConfig } from '@towerkit/pipeline/config-files';
import { configIn } from '@towerkit/inspect';
import { join, resolve } from 'node:path';

import { loadConfig } from '../config/load-config.js';
import { Console } from '../report/console.js';
import { peakMemory } from '../report/progress.js';
import { showUsers } from '../report/show-users.js';
import { datasetResult, describeData, describeLeakage } from '../report/data.js';
import { describeUndefined, metricsTable } from '../report/tables.js';
import { present } from './present.js';
import { interruptible } from './interruptible.js';

/** Flags of `towerkit baseline`. */
export interface BaselineFlags {
  readonly config?: string;
  readonly data?: string;
  readonly out?: string;
  readonly seed?: number;
  readonly threads?: number;
  readonly onBadRow?: 'error' | 'skip';
  readonly json?: boolean;
}

export async function baseline(name: BaselineName, flags: BaselineFlags): Promise<number> {
  const out = new Console(flags.json === true);
  const { config: given, folder } = await configOf(flags);
  const named = (set: string) => flags.out ?? join('artifacts', `${given?.name ?? set}-${name}`);
  if (flags.out ?? given) await checkOutput(named(''));
  const base = given ?? checkConfig({ name: 'baseline' });
  const path = flags.data ?? (base.data.path && resolve(folder, base.data.path));
  const dataset = await locateDataset(base.data, path, `${named('shop')}.data`);
  const artifact = named(dataset.name);
  const config = {
    ...base,
    name: given?.name ?? dataset.name,
    seed: flags.seed ?? base.seed,
    threads: flags.threads ?? base.threads,
    data: { ...base.data, onBadRow: flags.onBadRow ?? base.data.onBadRow },
  };
  return holdArtifact(artifact, () =>
    fitAndSave(name, dataset, present(config, dataset, out), artifact, out),
  );
}

async function fitAndSave(
  name: BaselineName,
  dataset: LocatedDataset,
  config: ResolvedConfig,
  artifact: string,
  out: Console,
): Promise<number> {
  return interruptible(async (display, signal) => {
    const prepared = await prepare(dataset, config, display.update);
    display.stop();
    out.note(describeData(prepared));
    out.note(describeLeakage(prepared.leakage));

    const trained = await trainBaseline(name, prepared, config, {
      signal,
      onProgress: display.update,
    });
    const { model, seconds, metrics, ratings, baselines: compared } = trained;
    await trained.save(artifact);
    display.stop();
    out.show(`\n${metricsTable({ [name]: metrics, ...compared })}`);
    for (const line of describeUndefined(metrics)) out.show(line);
    if (ratings) {
      const { rmse, mae } = ratings;
      out.show(
        `\nRMSE ${rmse.value.toFixed(4)}, MAE ${mae.value.toFixed(4)} on ${rmse.ratings} validation ratings`,
      );
    }
    if (config.examples > 0) out.show(`\n${await showUsers(prepared, model, config)}`);
    const peak = peakMemory();
    out.show(
      `\nfitted in ${seconds.toFixed(1)} s, ${(peak / 2 ** 20).toFixed(0)} MiB at most; the artifact is in ${artifact}`,
    );
    await model.dispose?.();
    out.result({
      artifact,
      dataset: datasetResult(prepared),
      model: model.kind,
      fit_seconds: seconds,
      peak_memory_bytes: peak,
      metrics,
      ...(ratings && { ratings }),
      baselines: compared,
    });
  });
}

/** The config given; the shop's where there is no data either; else none: the data's own manifest says enough. */
async function configOf({
  config,
  data,
}: BaselineFlags): Promise<Partial<LoadedConfig> & { folder: string }> {
  if (config === undefined && data !== undefined) return { folder: process.cwd() };
  return loadConfig(config ?? (await configIn('.')) ?? 'shop');
}
