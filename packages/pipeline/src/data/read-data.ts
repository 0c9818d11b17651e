import type { OnProgress } from '@towerkit/core';
import {
  clean as applyRules,
  dedupe,
  dropUsers,
  excludeKinds,
  kCore,
  minimumRating,
  minimumRatingOrDislike,
  readDataset,
  timeBounds,
  type Catalog,
  type CleaningRule,
  type InteractionLog,
  type ReadLog,
} from '@towerkit/data';
import { columnsWanted } from '@towerkit/features';

import type { ResolvedConfig } from '../config/schema.js';
import type { LocatedDataset, MemoryDataset } from './locate-dataset.js';
import { momentFields } from './moment-columns.js';

/** A data set in memory, cleaned. */
export interface CleanData {
  readonly log: InteractionLog;
  readonly catalog?: Catalog;
  /** Rows that could not be used, the one of them that spans most lines, and rows each rule dropped. */
  readonly dropped: Pick<ReadLog, 'skipped' | 'spanned' | 'removed'>;
}

/**
 * Reads a set and applies the config's cleaning rules; the k-core is another step. Columns of the catalog are read as the
 * features need them: categories and texts to the letter.
 */
export async function readData(
  { folder, source: { interactions, catalog: described, ...rest } }: LocatedDataset,
  { clean, onBadRow, features, kinds, dislikes, moment }: ResolvedConfig['data'],
  onProgress?: OnProgress,
): Promise<CleanData> {
  const source = {
    ...rest,
    interactions,
    catalog: described && { ...described, types: { ...described.types, ...columnsWanted(features) } },
  };
  // Review texts are not read here: they would fill the memory.
  const columns = interactions?.columns && {
    ...interactions.columns,
    text: undefined,
    ...(moment && momentFields(moment)),
  };
  const { log, catalog } = await readDataset(folder, source, {
    columns,
    onBadRow,
    clean: rulesOf(clean, { kinds, dislikes }),
    // Where rows are of several kinds, such as views, not all of them have ratings.
    ...(kinds && { kinds: Object.keys(kinds), whenEmpty: { rating: NaN } }),
    onProgress,
  });
  const { skipped, spanned, removed, ...rows } = log;
  return { log: rows, catalog, dropped: { skipped, ...(spanned && { spanned }), removed } };
}

/** A data set in memory with the config's cleaning rules applied. */
export function cleanData({ log, catalog }: MemoryDataset, data: ResolvedConfig['data']): CleanData {
  const { log: rows, removed } = applyRules(log, rulesOf(data.clean, data));
  return { log: rows, catalog, dropped: { skipped: 0, removed } };
}

/** The config's k-core of a log; the log itself when it asks for none. */
export const core = (log: InteractionLog, least: ResolvedConfig['data']['kCore']): InteractionLog =>
  least ? kCore(log, least) : log;

function rulesOf(
  { dropUsers: users, minimumRating: least, from, until, dedupe: keep }: ResolvedConfig['data']['clean'],
  { kinds, dislikes }: Pick<ResolvedConfig['data'], 'kinds' | 'dislikes'>,
) {
  const rules: CleaningRule[] = [];
  const excluded = Object.entries(kinds ?? {}).flatMap(([kind, { exclude }]) => (exclude ? kind : []));
  if (excluded.length > 0) rules.push(excludeKinds(excluded));
  if (users?.length) rules.push(dropUsers(users));
  if (least !== undefined)
    rules.push(dislikes || kinds ? minimumRatingOrDislike(least, dislikes?.below) : minimumRating(least));
  if (from !== undefined || until !== undefined) rules.push(timeBounds({ from, until }));
  if (keep !== undefined) rules.push(dedupe(keep));
  return rules;
}
