import { Rng, type OnProgress } from '@towerkit/core';
import { holdPath } from '@towerkit/core/files';
import type { LoadedConfig } from '@towerkit/pipeline/config-files';
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { TowerkitError } from '../errors.js';
import { deadline } from '../runs/deadline.js';
import { runHash } from '../runs/run-file.js';
import type { LoadConfig } from '../runs/run-job.js';
import { rungsOf } from './halving.js';
import { checkSpace, drawPoint, type Space } from './space.js';
import { Search, type Tuned } from './search.js';
import { proposePoint } from './tpe.js';
import type { Trial } from './trial-log.js';

/** How points are chosen. */
export const TUNE_METHODS = ['tpe', 'random', 'halving'] as const;
/** Name of a way to choose points. */
export type TuneMethod = (typeof TUNE_METHODS)[number];

/** Options of {@link tune}. */
export interface TuneOptions {
  /** The config that is changed: a file, or a name that `load` knows. */
  readonly config: string;
  /** What is searched; see {@link Space}. */
  readonly space: unknown;
  /** Folder of the search: its trials, and `best.ts`. */
  readonly out: string;
  /** Reads a config. */
  readonly load: LoadConfig;
  /** Program of a run, which calls `serveJobs`. Default: one that looks packages up from the config. */
  readonly worker?: URL;
  readonly data?: string;
  /** `tpe` (default), `random`, or `halving`: many trials of few epochs, of which the best third goes on. */
  readonly method?: TuneMethod;
  /** Points to try beside the config itself. Default 20 where there is no `minutes`. */
  readonly trials?: number;
  /** No trial goes on after so many minutes. Default: no limit. */
  readonly minutes?: number;
  /** Of the search, and of every run. Default 0. */
  readonly seed?: number;
  /** Trials at a time, each in a process of its own. Default 1. */
  readonly processes?: number;
  /** Threads of each. Default: what the config says. */
  readonly threads?: number;
  /** Folder of local text models; the hub when absent. */
  readonly models?: string;
  readonly signal?: AbortSignal;
  /** Told of every trial that ends. */
  readonly onTrial?: (trial: Trial) => void;
  readonly onProgress?: OnProgress;
}

/**
 * Searches the values of a config for those that do best on the validation targets; test targets are never looked at. The config as it
 * stands is the first trial. A trial that fails is noted and the search goes on; a call with the same space, seed and data goes on
 * where an earlier one was stopped, or killed.
 *
 * @throws TowerkitError `BAD_SPACE`, `BAD_OPTION`; what `load` throws; `LOCKED` while another process runs the search
 */
export async function tune(options: TuneOptions): Promise<Tuned> {
  const {
    out,
    seed = 0,
    method = 'tpe',
    minutes,
    trials = minutes === undefined ? 20 : Infinity,
    processes = 1,
  } = options;
  for (const [option, value] of Object.entries({ trials, minutes, processes }))
    if (value !== undefined && !(value > 0))
      throw new TowerkitError('BAD_OPTION', `${option} must be above 0, not ${value}`, {
        details: { option },
      });
  const loaded = await options.load(options.config);
  const space = checkSpace(options.space, loaded.config);
  if (method === 'halving' && 'epochs' in space)
    throw new TowerkitError(
      'BAD_SPACE',
      'space, epochs: successive halving gives trials their epochs itself',
      {
        details: { path: 'epochs' },
      },
    );
  const { signal, release } = deadline(minutes, options.signal);
  await mkdir(join(out, 'trials'), { recursive: true }).catch(() => undefined); // the lock says what is wrong
  return holdPath(join(out, 'search'), async () => {
    const hash = await searchHash(loaded, space, method, options);
    const search = new Search(loaded, space, hash, { ...options, seed, processes, signal });
    await search.open();
    await search.run([{ trial: 0, point: {} }]);
    if (method === 'halving')
      await halve(search, space, Math.min(trials, MOST_HALVED), loaded.config.epochs, seed);
    else
      await search.fill(trials, (trial) => {
        const rng = new Rng(seed).fork(`trial ${trial}`);
        return method === 'random' ? drawPoint(space, rng) : proposePoint(space, search.tried(), rng);
      });
    return search.close();
  }).finally(release);
}

/** Trials of a first rung where only minutes limit the search. */
const MOST_HALVED = 81;

async function searchHash(
  loaded: LoadedConfig,
  space: Space,
  method: TuneMethod,
  options: TuneOptions,
): Promise<string> {
  const { seed = 0, data } = options;
  const place = data ?? (loaded.config.data.path && resolve(loaded.folder, loaded.config.data.path));
  const run = await runHash(loaded.hash, { seed, data: place });
  return createHash('sha256').update(JSON.stringify({ run, space, method })).digest('hex');
}

async function halve(
  search: Search,
  space: Space,
  trials: number,
  epochs: number,
  seed: number,
): Promise<void> {
  let points = Array.from({ length: trials }, (_, i) =>
    drawPoint(space, new Rng(seed).fork(`trial ${i + 1}`)),
  );
  let trial = 1;
  for (const rung of rungsOf(trials, epochs)) {
    const own = points.slice(0, rung.trials).map((point) => ({
      ...{ trial: trial++, point },
      ...(rung.epochs < epochs && { epochs: rung.epochs }),
    }));
    await search.run(own);
    const done = search.done(own.map((one) => one.trial));
    points = done.sort((a, b) => b.value - a.value).map(({ point }) => point);
    if (points.length === 0) return;
  }
}
