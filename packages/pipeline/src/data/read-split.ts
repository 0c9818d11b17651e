import type { OnProgress } from '@towerkit/core';
import {
  joinParts,
  presplit,
  rowUses,
  type FeedbackRows,
  type FeedbackRules,
  type InteractionColumns,
  type InteractionLog,
  type Split,
} from '@towerkit/data';

import { badConfig } from '../config/check-config.js';
import { feedbackFault, feedbackRules } from '../config/check-feedback.js';
import type { ResolvedConfig } from '../config/schema.js';
import { assembleFeedback, splitFeedback, withKindHints, type Feedback } from './feedback.js';
import type { Dataset, LocatedDataset } from './locate-dataset.js';
import { cleanData, core, readData, type CleanData } from './read-data.js';
import { splitLog } from './split-log.js';

/** A set that was read, cleaned and split. */
export interface SplitData extends CleanData {
  readonly split: Split;
  /** What its rows count as, where a config says so. */
  readonly feedback?: Feedback;
}

/**
 * Reads a set, cleans it, cuts it down to the k-core and splits it: as the config says, else as its files are split,
 * else leave-last-out.
 *
 * @throws TowerkitError `BAD_CONFIG` for a k-core of a set that comes split, and for kinds, dislikes or weights of which it has
 *   no column; `UNKNOWN_KIND`
 */
export async function readSplit(
  dataset: Dataset,
  config: Pick<ResolvedConfig, 'data' | 'split' | 'seed'>,
  onProgress?: OnProgress,
): Promise<SplitData> {
  const { data, split: rule } = config;
  const rules = rulesOf(dataset, data);
  return withKindHints(async () => {
    if ('log' in dataset) return splitOf(cleanData(dataset, data), rules, config);
    const { interactions } = dataset.source;
    if (rule === undefined && interactions?.heldBack) return readParts(dataset, rules, config, onProgress);
    return splitOf(await readData(dataset, data, onProgress), rules, config);
  });
}

/**
 * Reads every row of a set, those of files that were held back included, all as of one part.
 *
 * @throws TowerkitError as {@link readSplit}
 */
export async function readLog(
  dataset: LocatedDataset,
  config: Pick<ResolvedConfig, 'data' | 'split' | 'seed'>,
): Promise<{ readonly log: InteractionLog; readonly rows?: FeedbackRows }> {
  const inParts = config.split === undefined && dataset.source.interactions?.heldBack !== undefined;
  if (inParts) {
    const { log, feedback } = await readSplit(dataset, config);
    return { log, ...(feedback && { rows: feedback.rows }) };
  }
  const rules = rulesOf(dataset, config.data);
  const { log } = await withKindHints(() => readData(dataset, config.data));
  return {
    log,
    ...(rules && { rows: { log, ...rowUses(log, rules), part: new Uint8Array(log.user.length) } }),
  };
}

/** @throws TowerkitError `BAD_CONFIG` */
function rulesOf(dataset: Dataset, data: ResolvedConfig['data']): FeedbackRules | undefined {
  const columns: Partial<Record<keyof InteractionColumns, unknown>> =
    'log' in dataset ? dataset.log : (dataset.source.interactions?.columns ?? {});
  const fault = feedbackFault(data, columns);
  if (fault) throw badConfig(`data.${fault.key}: ${fault.message}`);
  return feedbackRules(data, columns);
}

function splitOf(
  { log: cleaned, ...rest }: CleanData,
  rules: FeedbackRules | undefined,
  config: Pick<ResolvedConfig, 'data' | 'split' | 'seed'>,
): SplitData {
  if (rules) return { ...rest, ...splitFeedback(cleaned, rules, config) };
  const log = core(cleaned, config.data.kCore);
  return { ...rest, log, split: splitLog(log, config.split ?? { kind: 'leave-last-out' }, config.seed) };
}

async function readParts(
  dataset: LocatedDataset,
  rules: FeedbackRules | undefined,
  { data }: Pick<ResolvedConfig, 'data'>,
  onProgress: OnProgress | undefined,
): Promise<SplitData> {
  const interactions = dataset.source.interactions!;
  if (data.kCore) throw badConfig('data.kCore: the set comes split, and what a row is held for is not known');
  const read = (file: string) =>
    readData(
      { ...dataset, source: { ...dataset.source, interactions: { ...interactions, file } } },
      data,
      onProgress,
    );
  const { validation, test } = interactions.heldBack!;
  const parts = [await read(interactions.file), await read(validation), ...(test ? [await read(test)] : [])];
  const [trainLog, validationLog, testLog] = parts.map(({ log }) => log);
  const logs = { train: trainLog, validation: validationLog, ...(testLog && { test: testLog }) };
  return {
    ...(rules ? assembleFeedback(joinParts(logs), rules, testLog !== undefined) : presplit(logs)),
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
