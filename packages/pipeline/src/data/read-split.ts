import type { OnProgress } from '@towerkit/core';
import { presplit, type Split } from '@towerkit/data';

import { badConfig } from '../config/check-config.js';
import type { ResolvedConfig } from '../config/schema.js';
import type { Dataset } from './locate-dataset.js';
import { cleanData, core, readData, type CleanData } from './read-data.js';
import { splitLog } from './split-log.js';

/**
 * Reads a set, cleans it, cuts it down to the k-core and splits it: as the config says, else as its files are split,
 * else leave-last-out.
 *
 * @throws TowerkitError `BAD_CONFIG` for a k-core of a set that comes split
 */
export async function readSplit(
  dataset: Dataset,
  { data, split: rule, seed }: Pick<ResolvedConfig, 'data' | 'split' | 'seed'>,
  onProgress?: OnProgress,
): Promise<CleanData & { readonly split: Split }> {
  if ('log' in dataset) {
    const { log: cleaned, ...rest } = cleanData(dataset, data);
    const log = core(cleaned, data.kCore);
    return { ...rest, log, split: splitLog(log, rule ?? { kind: 'leave-last-out' }, seed) };
  }
  const { interactions } = dataset.source;
  if (rule !== undefined || interactions?.heldBack === undefined) {
    const { log: read, ...rest } = await readData(dataset, data, onProgress);
    const log = core(read, data.kCore);
    return { ...rest, log, split: splitLog(log, rule ?? { kind: 'leave-last-out' }, seed) };
  }
  if (data.kCore) throw badConfig('data.kCore: the set comes split, and what a row is held for is not known');
  const read = (file: string) =>
    readData(
      { ...dataset, source: { ...dataset.source, interactions: { ...interactions, file } } },
      data,
      onProgress,
    );
  const { validation, test } = interactions.heldBack;
  const parts = [await read(interactions.file), await read(validation), ...(test ? [await read(test)] : [])];
  const [trainLog, validationLog, testLog] = parts.map(({ log }) => log);
  return {
    ...presplit({ train: trainLog, validation: validationLog, ...(testLog && { test: testLog }) }),
    catalog: parts[0].catalog,
    dropped: {
      skipped: parts.reduce((sum, { dropped }) => sum + dropped.skipped, 0),
      ...longest(parts),
      removed: parts[0].dropped.removed.map(({ rule, rows }, i) => ({
        rule,
        rows: parts.slice(1).reduce((sum, { dropped }) => sum + dropped.removed[i].rows, rows),
      })),
    },
  };
}

/** Of the rows left out of several files the one that spans most lines. */
function longest(parts: readonly CleanData[]): Pick<CleanData['dropped'], 'spanned'> {
  const all = parts.flatMap(({ dropped: { spanned } }) => spanned ?? []);
  return all.length === 0 ? {} : { spanned: all.reduce((a, b) => (b.lines > a.lines ? b : a)) };
}
