import type { Artifact } from '@towerkit/artifact';
import type { OnProgress } from '@towerkit/core';
import type { Catalog, InteractionLog, OnBadRow, Table } from '@towerkit/data';
import type { Encodings } from '@towerkit/features';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { ResolvedConfig } from '../config/schema.js';
import { locateDataset } from '../data/locate-dataset.js';
import { readData } from '../data/read-data.js';
import { TowerkitError } from '../errors.js';
import { readCatalogFile } from './read-catalog-file.js';

/** Where rows come from. */
interface NewRowsOptions {
  readonly data: string;
  readonly items?: string;
  readonly onBadRow?: OnBadRow;
  readonly onProgress?: OnProgress;
}

/** Interactions that came after a training, and the catalog beside them, if any. */
export interface NewRows {
  readonly log: InteractionLog;
  readonly catalog?: Catalog;
  readonly skipped: number;
}

/**
 * Reads interactions as the artifact's data set says, and its catalog: the file given, or the folder's own.
 *
 * @param table items of the artifact
 * @throws TowerkitError `NO_OVERLAP` where none of their users, or none of their items, is known; `EMPTY_DATA`; what reading
 *   throws
 */
export async function readNewRows(
  { data, items, onBadRow, onProgress }: NewRowsOptions,
  artifact: Artifact,
  config: Pick<ResolvedConfig, 'data'>,
  encodings: Encodings,
  table: Table,
): Promise<NewRows> {
  const settings = { ...config.data, onBadRow: onBadRow ?? config.data.onBadRow };
  const located = await locateDataset(settings, data, '');
  const { source } = located;
  const plain = { ...located, source: { ...source, catalog: undefined } };
  const { log, dropped } = await readData(plain, settings, onProgress);
  if (log.user.length === 0)
    throw new TowerkitError('EMPTY_DATA', `${data} has no row to learn from`, {
      hint: 'see which rows data.clean of the config drops',
    });
  requireShared(log, artifact);
  const own = source.catalog && join(located.folder, source.catalog.file);
  const path = items ?? (own && (await isFile(own)) ? own : undefined);
  const catalog = path && (await readCatalogFile(path, artifact, encodings, table, settings.onBadRow));
  return { log, skipped: dropped.skipped, ...(catalog && { catalog }) };
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (info) => info.isFile(),
    () => false,
  );

/** Of rows that all belong to strangers the ids are likely to be of another form. */
function requireShared(log: InteractionLog, { users, items, folder }: Artifact): void {
  for (const [what, own, known] of [
    ['user', log.users, users],
    ['item', log.items, items],
  ] as const) {
    if (own.names.some((name) => known.indexOf(name) !== undefined)) continue;
    throw new TowerkitError('NO_OVERLAP', `none of the ${own.size} ${what}s is known to ${folder}`, {
      hint: `see that both use the same ids: the rows have "${own.nameOf(0)}", the artifact "${known.nameOf(0)}"`,
      details: { [`${what}s`]: own.names.slice(0, 10) },
    });
  }
}
