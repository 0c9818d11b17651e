import { join } from 'node:path';

import type { DatasetManifest } from './manifest.js';
import { readCatalog, type Catalog } from './read-catalog.js';
import { readInteractions, type ReadInteractionsOptions, type ReadLog } from './read-interactions.js';

/**
 * Reads a data set as its manifest says: the catalog first, where there is one, whose items are then the
 * universe of the log.
 *
 * @param folder where its files are
 * @param options what else {@link readInteractions} takes
 * @throws TowerkitError what {@link readCatalog} and {@link readInteractions} throw
 */
export async function readDataset(
  folder: string,
  { interactions, catalog }: Pick<DatasetManifest, 'interactions' | 'catalog'>,
  options: Omit<ReadInteractionsOptions, 'path' | 'paths' | 'items'> = {},
): Promise<{ log: ReadLog; catalog?: Catalog }> {
  const { memoryLimit, threads, onBadRow } = options;
  const items =
    catalog &&
    (await readCatalog({ ...catalog, path: join(folder, catalog.file), memoryLimit, threads, onBadRow }));
  const log = await readInteractions({
    ...interactions,
    ...options,
    path: join(folder, interactions.file),
    items: items?.items,
  });
  return { log, ...(items && { catalog: items }) };
}
