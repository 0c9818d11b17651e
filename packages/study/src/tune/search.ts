import type { OnProgress } from '@towerkit/core';
import { builtProgram, writeFileAtomic } from '@towerkit/core/files';
import { isRatingMetric } from '@towerkit/metrics';
import type { ResolvedConfig } from '@towerkit/pipeline';
import type { LoadedConfig } from '@towerkit/pipeline/config-files';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { runProcess } from '../runs/run-process.js';
import { bestConfig } from './best-config.js';
import type { Point, Space } from './space.js';
import type { Tried } from './tpe.js';
import { readTrials, writeTrials, type Trial } from './trial-log.js';

/** What a search found. */
export interface Tuned {
  /** The metric that was searched for, on the validation targets; of `rmse` and `mae` the lowest. */
  readonly metric: string;
  /** In the order they ended, those of earlier calls too. */
  readonly trials: readonly Trial[];
  /** Of the trials with all epochs; absent where none was done. */
  readonly best?: Trial;
  /** The config as it stands, on the same targets. */
  readonly base?: Trial;
  /** Config of the best, for `train`; absent where none was done. */
  readonly file?: string;
  /** Whether the time was over before all trials were done. */
  readonly isCut: boolean;
}

/** What the trials of a search have in common; see `TuneOptions`. */
export interface SearchOptions {
  readonly config: string;
  readonly out: string;
  readonly seed: number;
  readonly processes: number;
  readonly signal: AbortSignal;
  readonly worker?: URL;
  readonly data?: string;
  readonly threads?: number;
  readonly models?: string;
  readonly onTrial?: (trial: Trial) => void;
  readonly onProgress?: OnProgress;
}

/** The trials of one search. */
export class Search {
  readonly #file: string;
  readonly #metric: string;
  /** 1, or -1 where less is better. */
  readonly #sign: number;
  #trials: Trial[] = [];

  constructor(
    private readonly loaded: LoadedConfig,
    private readonly space: Space,
    private readonly hash: string,
    private readonly options: SearchOptions,
  ) {
    this.#file = join(options.out, 'trials.json');
    this.#metric = metricOf(loaded.config);
    this.#sign = this.#metric === 'rmse' || this.#metric === 'mae' ? -1 : 1;
  }

  async open(): Promise<void> {
    this.#trials = await readTrials(this.#file, this.hash);
  }

  /** Trials that are done, with what a search makes as high as it can. */
  done(among?: readonly number[]): (Trial & { readonly value: number })[] {
    return this.#trials.flatMap(({ value, ...rest }) =>
      value === undefined || (among && !among.includes(rest.trial))
        ? []
        : [{ ...rest, value: this.#sign * value }],
    );
  }

  /** Points that say a value for every dimension. */
  tried(): Tried[] {
    const paths = Object.keys(this.space);
    return this.done().filter(({ point }) => paths.every((path) => path in point));
  }

  /** Runs trials until there are so many beside the config itself, each batch proposed from those before it. */
  async fill(trials: number, propose: (trial: number) => Point): Promise<void> {
    for (let next = 1; next <= trials && !this.options.signal.aborted;) {
      const count = Math.min(this.options.processes, trials - next + 1);
      const batch = Array.from({ length: count }, (_, i) => next + i);
      const missing = batch.filter((trial) => !this.#trials.some((other) => other.trial === trial));
      await this.run(missing.map((trial) => ({ trial, point: propose(trial) })));
      next += count;
    }
  }

  /** Runs those of the trials that are not done, as many at a time as there are processes. */
  async run(wanted: readonly Trial[]): Promise<void> {
    const left = wanted.filter(({ trial }) => !this.#trials.some((other) => other.trial === trial));
    const work = async () => {
      for (let next = left.shift(); next && !this.options.signal.aborted; next = left.shift())
        await this.#try(next);
    };
    await Promise.all(Array.from({ length: this.options.processes }, work));
  }

  async #try({ trial, point, epochs }: Trial): Promise<void> {
    const {
      config,
      out,
      seed,
      data,
      threads,
      models,
      worker = builtProgram(import.meta.url, 'worker.js'),
    } = this.options;
    const artifact = join(out, 'trials', `trial-${trial}`);
    const job = {
      ...{ config, seed, data, threads, models, out: artifact, shared: join(out, 'shared') },
      set: { ...point, ...(epochs !== undefined && { epochs }) },
    };
    const { signal, onProgress } = this.options;
    const outcome = await runProcess(job, { worker, signal, onProgress });
    if (outcome.status === 'stopped') return;
    const own = { trial, point, ...(epochs !== undefined && { epochs }) };
    const ended: Trial =
      outcome.status === 'done'
        ? { ...own, value: outcome.figures.metrics[this.#metric]?.value, seconds: outcome.figures.seconds }
        : { ...own, error: outcome.error };
    this.#trials.push(ended);
    await writeTrials(this.#file, { hash: this.hash, trials: this.#trials });
    await rm(artifact, { recursive: true, force: true }); // the best is trained again by its config
    await rm(`${artifact}.run`, { recursive: true, force: true });
    this.options.onTrial?.(ended);
  }

  /** Writes the config of the best trial. */
  async close(): Promise<Tuned> {
    const { out, signal } = this.options;
    const whole = this.done().filter(({ epochs }) => epochs === undefined);
    const [first] = [...whole].sort((a, b) => b.value - a.value || a.trial - b.trial);
    const trialOf = (trial: number | undefined) => this.#trials.find((one) => one.trial === trial);
    const best = trialOf(first?.trial);
    const base = trialOf(0);
    const found = {
      metric: this.#metric,
      trials: this.#trials,
      isCut: signal.aborted,
      ...(base && { base }),
    };
    if (!best) return found;
    const file = resolve(out, 'best.ts');
    const { config } = this.loaded;
    const than =
      base?.value === undefined || best.trial === 0 ? '' : `, ${base.value.toFixed(4)} as it stands`;
    const why = `\`${config.name}\` with the values that did best of ${this.#trials.length} trials: ${this.#metric} ${best.value!.toFixed(4)} on the validation targets${than}.`;
    await writeFileAtomic(file, bestConfig(this.loaded, file, `${config.name}-tuned`, best.point, why));
    return { ...found, best, file };
  }
}

/** What the epoch is chosen by: the metric of early stopping, else the second of the metrics, or the first. */
function metricOf({ earlyStopping, metrics }: ResolvedConfig): string {
  if (earlyStopping && earlyStopping.metric) return earlyStopping.metric;
  return metrics.every(isRatingMetric) ? metrics[0] : (metrics[1] ?? metrics[0]);
}
