import { join } from 'node:path';

import { dropUsers } from './cleaning.js';
import { TowerkitError } from './errors.js';
import type { DatasetManifest } from './manifest.js';
import { readCatalog, type Catalog } from './read-catalog.js';
import { readInteractions, type ReadInteractionsOptions, type ReadLog } from './read-interactions.js';

/**
 * Reads a data set as its manifest says: the catalog first, where there is one, whose items are then the
 * universe of the log. Rows of the manifest's anonymous users are dropped before any other cleaning.
 *
 * @param folder where its files are
 * @param options what else {@link readInteractions} takes
 * @throws TowerkitError `BAD_OPTION` for a set without interactions; what {@link readCatalog} and {@link readInteractions} throw
 */
export async function readDataset(
  folder: string,
  {
    interactions,
    catalog,
    anonymousUsers,
  }: Pick<DatasetManifest, 'interactions' | 'catalog' | 'anonymousUsers'>,
  options: Omit<ReadInteractionsOptions, 'path' | 'paths' | 'items'> = {},
): Promise<{ log: ReadLog; catalog?: Catalog }> {
  if (interactions === undefined)
    throw new TowerkitError('BAD_OPTION', `the set in ${folder} has a catalog alone, no interactions`);
  const { memoryLimit, threads, onBadRow, clean = [] } = options;
  const items =
    catalog &&
    (await readCatalog({ ...catalog, path: join(folder, catalog.file), memoryLimit, threads, onBadRow }));
  const log = await readInteractions({
    ...interactions,
    ...options,
    path: join(folder, interactions.file),
    items: items?.items,
    clean: anonymousUsers?.length ? [dropUsers(anonymousUsers), ...clean] : clean,
  });
  return { log, ...(items && { catalog: items }) };
}
