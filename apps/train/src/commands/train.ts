import { holdArtifact } from '@towerkit/artifact';
import { createEngine, type Engine } from '@towerkit/engine';
import { textPlaces } from '@towerkit/features';
import {
  buildModel,
  canResume,
  locateDataset,
  modelKinds,
  orderWarnings,
  prepare,
  runFolder,
  shapesOf,
  clearRun,
  trainTwoTower,
  withPathsFrom,
  type LocatedDataset,
  type Prepared,
  type ResolvedConfig,
  type StartReport,
  type TrainedTwoTower,
} from '@towerkit/pipeline';
import type { LoadedConfig } from '@towerkit/pipeline/config-files';
import { configIn } from '@towerkit/inspect';
import { openArtifact } from '@towerkit/recommend';
import { progress, type EpochReport } from '@towerkit/training';
import { join, relative, resolve } from 'node:path';

import { loadConfig } from '../config/load-config.js';
import { Console } from '../report/console.js';
import { peakMemory, progressDisplay } from '../report/progress.js';
import { showUsers } from '../report/show-users.js';
import { datasetResult, describeData, describeLeakage } from '../report/data.js';
import { describeStart } from '../report/vectors.js';
import {
  describeEpoch,
  describeUndefined,
  gatesTable,
  metricsTable,
  profileTable,
} from '../report/tables.js';
import { Interrupted, onInterrupt } from './interrupt.js';
import { present } from './present.js';
import { trainHybridCommand } from './train-hybrid.js';
import { trainSearchCommand } from './train-search.js';

/** Flags of `towerkit train`. */
export interface TrainFlags {
  /** Default: the config of the current folder, else `shop`. */
  readonly config?: string;
  readonly data?: string;
  readonly out?: string;
  readonly epochs?: number;
  readonly seed?: number;
  readonly threads?: number;
  readonly engine?: 'onnx' | 'tfjs';
  readonly models?: string;
  readonly onBadRow?: 'error' | 'skip';
  readonly resume?: boolean;
  readonly refit?: boolean;
  readonly profile?: boolean;
  readonly json?: boolean;
}

export async function train(flags: TrainFlags): Promise<number> {
  const out = new Console(flags.json === true);
  const { config, folder } = overruled(
    await loadConfig(flags.config ?? (await configIn('.')) ?? 'shop'),
    flags,
  );
  const artifact = flags.out ?? join('artifacts', config.name);
  return holdArtifact(artifact, async () => {
    const path = flags.data ?? (config.data.path && resolve(folder, config.data.path));
    const { hybrid, search } = config;
    if (search) return trainSearchCommand(path, { ...config, search }, artifact, flags.models, out);
    const dataset = await locateDataset(config.data, path, `${artifact}.data`);
    if (hybrid) return trainHybridCommand(dataset, { ...config, hybrid }, artifact, flags, out);
    return trainTower(dataset, present(config, dataset, out), artifact, flags, out);
  });
}

/** The config with what the flags say instead. */
function overruled(loaded: LoadedConfig, flags: TrainFlags): LoadedConfig {
  const { config, folder } = loaded;
  const {
    epochs = config.epochs,
    seed = config.seed,
    threads = config.threads,
    engine = config.engine,
  } = flags;
  const data = { ...config.data, onBadRow: flags.onBadRow ?? config.data.onBadRow };
  // A search counts epochs of its own, of which a config need not speak.
  const search = config.search && { ...config.search, epochs: flags.epochs ?? config.search.epochs };
  const told = { data, epochs, seed, threads, engine };
  return { ...loaded, config: { ...withPathsFrom(config, folder), ...told, ...(search && { search }) } };
}

async function trainTower(
  dataset: LocatedDataset,
  config: ResolvedConfig,
  artifact: string,
  flags: TrainFlags,
  out: Console,
): Promise<number> {
  const display = progressDisplay();
  const { engine: kind, threads, executionProviders } = config;
  const opening = createEngine({ kind, threads, executionProviders, cache: runFolder(artifact).graphs });
  opening.catch(() => undefined); // it is told when it is waited for
  try {
    const prepared = await prepare(dataset, config, display.update, textPlaces(artifact, flags));
    display.stop();
    out.note(describeData(prepared));
    out.note(describeLeakage(prepared.leakage));
    const engine = await opening;
    out.note(`engine: ${engine.description}; compiling the first step`);
    try {
      return await trainOn(prepared, config, engine, artifact, flags, out, display);
    } finally {
      await engine.dispose();
    }
  } finally {
    display.stop();
  }
}

async function trainOn(
  prepared: Prepared,
  config: ResolvedConfig,
  engine: Engine,
  artifact: string,
  flags: TrainFlags,
  out: Console,
  display: ReturnType<typeof progressDisplay>,
): Promise<number> {
  const model = buildModel(config, shapesOf(prepared));
  for (const line of orderWarnings(prepared, model)) out.note(line);
  const run = runFolder(artifact);
  const resume = flags.resume === true && (await canResume(run));
  if (flags.resume && !resume) out.note(`nothing to resume in ${relative('', run.folder)}: starting anew`);
  const discard = resume ? undefined : await clearRun(run);
  const interrupt = onInterrupt(() => {
    display.stop();
    out.note('stopping after this step; Ctrl-C again ends at once');
  });
  const started: StartReport[] = [];
  const say = {
    onEpochEnd(report: EpochReport) {
      display.stop();
      out.note(describeEpoch(report));
    },
  };
  try {
    const trained = await trainTwoTower(prepared, {
      ...{ config, model, engine, run, resume, refit: flags.refit, models: flags.models },
      signal: interrupt.signal,
      onProgress: display.update,
      callbacks: [progress(display.update), say],
      onStart(report) {
        display.stop();
        started.push(report);
        out.note(describeStart(report));
      },
      onRefit(epochs) {
        display.stop();
        out.note(`refit on training and validation rows, ${epochs} epochs`);
      },
    });
    display.stop();
    if (trained.interrupted) {
      out.note(
        `stopped; the run is kept in ${relative('', run.folder)}: the same command with --resume goes on with it`,
      );
      return 130;
    }
    interrupt.release();
    await trained.save(artifact);
    await report(trained, prepared, config, artifact, flags, out, started);
    return 0;
  } catch (error) {
    await discard?.();
    if (interrupt.signal.aborted) throw new Interrupted(); // before there was a step to go on from
    throw error;
  } finally {
    interrupt.release();
  }
}

async function report(
  trained: TrainedTwoTower,
  prepared: Prepared,
  config: ResolvedConfig,
  artifact: string,
  flags: TrainFlags,
  out: Console,
  started: readonly StartReport[],
): Promise<void> {
  const { fitted, best, seconds, metrics, baselines, gates } = trained;
  if (flags.profile) out.note(`\n${profileTable(fitted.profile)}`);
  out.show(`\n${metricsTable({ 'two-tower': metrics, ...baselines })}`);
  for (const line of [...trained.notes, ...describeUndefined(metrics)]) out.show(line);
  if (gates) out.show(`\n${gatesTable(gates)}`);
  if (config.examples > 0) {
    const saved = await openArtifact(artifact, { kinds: modelKinds });
    try {
      out.show(`\n${await showUsers(prepared, saved.model, config)}`);
    } finally {
      await saved.dispose();
    }
  }
  out.show(`\nthe artifact is in ${artifact}, epoch ${best.epoch} of ${fitted.epochs.length}`);
  out.result({
    artifact,
    dataset: datasetResult(prepared),
    ...(started.length > 0 && { start: started }),
    epochs: fitted.epochs.map(({ examplesPerSecond, ...epoch }) => ({
      ...epoch,
      examples_per_second: examplesPerSecond,
    })),
    fit_seconds: seconds,
    peak_memory_bytes: peakMemory(),
    metrics,
    baselines,
    ...(gates && { gates }),
  });
}
