import { join } from 'node:path';

import { dropUsers, type CleaningRule } from './cleaning.js';
import { TowerkitError } from './errors.js';
import type { DatasetManifest } from './manifest.js';
import { readCatalog, type Catalog } from './read-catalog.js';
import { readInteractions, type ReadInteractionsOptions, type ReadLog } from './read-interactions.js';

/**
 * Reads a data set as its manifest says: the catalog first, where there is one, whose items are then the
 * universe of the log; of a catalog with a condition (`where`), rows of items that do not meet it are dropped. Rows of the manifest's anonymous users are dropped before any other cleaning.
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
  const rules = [
    ...(items && catalog.where !== undefined ? [onlyFirst(items.items.size)] : []),
    ...(anonymousUsers?.length ? [dropUsers(anonymousUsers)] : []),
    ...clean,
  ];
  const log = await readInteractions({
    ...interactions,
    ...options,
    path: join(folder, interactions.file),
    items: items?.items,
    clean: rules,
  });
  if (!items) return { log };
  // What a condition leaves out is no item at all.
  return { log: catalog.where === undefined ? log : { ...log, items: items.items }, catalog: items };
}

/** Rows of the items of the catalog, whose ids are the first: those that it does not have follow them. */
const onlyFirst = (items: number): CleaningRule => ({
  name: 'catalog.where',
  keep: ({ item }) => Uint8Array.from(item, (id) => Number(id < items)),
});
