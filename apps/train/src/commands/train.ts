import { TowerkitError } from '@towerkit/core';
import { createEngine, type Engine } from '@towerkit/engine';
import {
  computeItemVectors,
  itemGates,
  progress,
  twoTowerFacts,
  TwoTowerRecommender,
  userGates,
  writeTwoTowerFiles,
  type EpochReport,
  type TrainResult,
} from '@towerkit/training';
import { join, relative, resolve } from 'node:path';

import { saveArtifact } from '../artifact/save.js';
import { loadConfig, type LoadedConfig } from '../config/load-config.js';
import type { ResolvedConfig } from '../config/schema.js';
import { baselines, type Metrics } from '../pipeline/baselines.js';
import { buildModel, shapesOf } from '../pipeline/build-model.js';
import { checkOutput } from '../pipeline/check-output.js';
import { fit, refit, type FitOptions } from '../pipeline/fit.js';
import { locateDataset } from '../pipeline/locate-dataset.js';
import { prepare, type Prepared } from '../pipeline/prepare.js';
import { canResume, runFolder, startAnew } from '../pipeline/run-folder.js';
import { summarizeGates } from '../pipeline/summarize-gates.js';
import { trainHybrid } from '../hybrid/train-hybrid.js';
import { Console } from '../report/console.js';
import { peakMemory } from '../report/peak-memory.js';
import { progressDisplay } from '../report/progress.js';
import { showUsers } from '../report/show-users.js';
import {
  describeData,
  describeEpoch,
  describeLeakage,
  gatesTable,
  metricsTable,
  profileTable,
} from '../report/tables.js';
import { saveEncoders } from '../text/open-encoder.js';
import { textPlaces } from '../text/text-encoding.js';
import { Interrupted, onInterrupt } from './interrupt.js';

/** Flags of `towerkit train`. */
export interface TrainFlags {
  readonly config: string;
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
  const { config, folder } = overruled(await loadConfig(flags.config), flags);
  const artifact = flags.out ?? join('artifacts', config.name);
  await checkOutput(artifact);
  const path = flags.data ?? (config.data.path && resolve(folder, config.data.path));
  const dataset = await locateDataset(config.data, path, `${artifact}.data`);
  if (config.hybrid) return trainHybrid(dataset, { ...config, hybrid: config.hybrid }, artifact, flags, out);
  const display = progressDisplay();
  try {
    const prepared = await prepare(dataset, config, display.update, textPlaces(artifact, flags));
    display.stop();
    out.note(describeData(prepared));
    out.note(describeLeakage(prepared.leakage));
    const engine = await createEngine({
      kind: config.engine,
      threads: config.threads,
      executionProviders: config.executionProviders,
    });
    out.note(`engine: ${engine.description}`);
    try {
      return await trainOn(prepared, config, engine, artifact, flags, out, display);
    } finally {
      await engine.dispose();
    }
  } finally {
    display.stop();
  }
}

/** The config with what the flags say instead. */
function overruled({ config, folder }: LoadedConfig, flags: TrainFlags): LoadedConfig {
  const {
    epochs = config.epochs,
    seed = config.seed,
    threads = config.threads,
    engine = config.engine,
  } = flags;
  const data = { ...config.data, onBadRow: flags.onBadRow ?? config.data.onBadRow };
  return { config: { ...config, data, epochs, seed, threads, engine }, folder };
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
  const run = runFolder(artifact);
  const resume = flags.resume === true && (await canResume(run));
  if (flags.resume && !resume) out.note(`nothing to resume in ${relative('', run.folder)}: starting anew`);
  const discard = resume ? undefined : await startAnew(run);
  const interrupt = onInterrupt(() => {
    display.stop();
    out.note('stopping after this step; Ctrl-C again ends at once');
  });
  const say = {
    onEpochEnd(report: EpochReport) {
      display.stop();
      out.note(describeEpoch(report));
    },
  };
  const options: FitOptions = {
    config,
    model,
    engine,
    run,
    resume,
    signal: interrupt.signal,
    onProgress: display.update,
    callbacks: [progress(display.update), say],
  };
  const stopped = () => {
    display.stop();
    out.note(
      `stopped; the run is kept in ${relative('', run.folder)}: the same command with --resume goes on with it`,
    );
    return 130;
  };
  try {
    const started = performance.now();
    const fitted = await fit(prepared, options);
    const seconds = (performance.now() - started) / 1000;
    if (fitted.interrupted) return stopped();
    const best = bestEpoch(fitted);
    let kept = fitted;
    if (flags.refit) {
      display.stop();
      out.note(`refit on every row, ${best.epoch} epochs`);
      kept = await refit(prepared, options, best.epoch);
      if (kept.interrupted) return stopped();
    }
    interrupt.release();
    const metrics: Metrics = best.metrics;
    const compared = await baselines(prepared, config);
    const itemVectors = await computeItemVectors(model, kept.state, prepared.log.items.size, engine);
    const itemSide = await itemGates(kept, engine);
    const gates = summarizeGates(
      { item: itemSide, user: await userGates(kept, engine) },
      kept.data.histories,
    );
    await saveArtifact(artifact, prepared, {
      config,
      kind: 'two-tower',
      facts: {
        ...twoTowerFacts(kept),
        epochs: best.epoch,
        features: { ...prepared.features.encodings, ...prepared.texts.encodings },
        ...(gates && { gates }),
      },
      write: async (into) => {
        await writeTwoTowerFiles(into, kept, itemVectors, itemSide);
        await saveEncoders(into, prepared.texts.fitted);
      },
      metrics,
      baselines: compared,
      refit: flags.refit === true,
    });
    display.stop();
    if (flags.profile) out.note(`\n${profileTable(fitted.profile)}`);
    out.show(`\n${metricsTable({ 'two-tower': metrics, ...compared })}`);
    if (gates) out.show(`\n${gatesTable(gates)}`);
    if (config.examples > 0) await showSome(prepared, artifact, config, out);
    out.show(`\nthe artifact is in ${artifact}, epoch ${best.epoch} of ${fitted.epochs.length}`);
    out.result({
      ...summary(artifact, prepared, fitted, seconds, metrics, compared),
      ...(gates && { gates }),
    });
    return 0;
  } catch (error) {
    await discard?.();
    if (interrupt.signal.aborted) throw new Interrupted(); // before there was a step to go on from
    throw error;
  } finally {
    interrupt.release();
  }
}

/** The epoch whose weights were kept: the best, or the last without early stopping. */
function bestEpoch({ epochs, best }: TrainResult): EpochReport {
  const epoch = epochs[(best?.epoch ?? epochs.length) - 1];
  if (epoch) return epoch;
  throw new TowerkitError('EMPTY_DATA', 'no epoch was run');
}

async function showSome(prepared: Prepared, artifact: string, { examples }: ResolvedConfig, out: Console) {
  const saved = await TwoTowerRecommender.load(artifact);
  try {
    out.show(`\n${await showUsers(prepared, saved, examples)}`);
  } finally {
    await saved.dispose();
  }
}

const summary = (
  artifact: string,
  { log }: Prepared,
  { epochs }: TrainResult,
  seconds: number,
  metrics: Metrics,
  compared: Readonly<Record<string, Metrics>>,
) => ({
  artifact,
  dataset: { users: log.users.size, items: log.items.size, interactions: log.user.length },
  epochs: epochs.map(({ epoch, seconds, examples, examplesPerSecond, loss, metrics }) => ({
    epoch,
    seconds,
    examples,
    examples_per_second: examplesPerSecond,
    loss,
    metrics,
  })),
  fit_seconds: seconds,
  peak_memory_bytes: peakMemory(),
  metrics,
  baselines: compared,
});
