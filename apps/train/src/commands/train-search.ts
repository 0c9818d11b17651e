import { locateSearch, trainSearch, type SearchRun } from '@towerkit/pipeline';
import { relative } from 'node:path';

import type { Console } from '../report/console.js';
import { peakMemory } from '../report/progress.js';
import { metricsTable } from '../report/tables.js';
import { interruptible } from './interruptible.js';

/** `towerkit train` for a search. */
export const trainSearchCommand = (
  path: string | undefined,
  config: SearchRun,
  artifact: string,
  models: string | undefined,
  out: Console,
): Promise<number> =>
  interruptible(async ({ stop, update: onProgress }, signal) => {
    const located = await locateSearch(config, config.search, path);
    const told = { models, signal, onProgress, onNote: (text: string) => (stop(), out.note(text)) };
    const { metrics, baselines, ...rest } = await trainSearch(located, config, artifact, told);
    stop();
    out.show(`\n${metricsTable({ tower: metrics, ...baselines })}`);
    out.show(`\nthe artifact is in ${relative('', artifact) || '.'}, epoch ${rest.best}`);
    out.result({ artifact, metrics, baselines, ...rest, peak_memory_bytes: peakMemory() });
  });
