import { Vocabulary, type ItemId } from '@towerkit/core';

import { readEntities, type EntityTable, type ReadEntitiesOptions } from './read-entities.js';

/** Which column holds the item's id, which its title, and which the features, under names of your choice. */
export interface CatalogColumns {
  readonly id: string;
  readonly title?: string;
  readonly [feature: string]: string | undefined;
}

/** What {@link readCatalog} reads, and how. */
export interface ReadCatalogOptions extends ReadEntitiesOptions {
  readonly columns: CatalogColumns;
}

/** Items and what is known of each. */
export interface Catalog extends Omit<EntityTable, 'names'> {
  /** Ids in the order of the file; a dense id is a row of `table`. */
  readonly items: Vocabulary<ItemId>;
}

/**
 * Reads an item catalog from CSV, TSV, JSON lines or Parquet.
 *
 * @throws TowerkitError what {@link readInteractions} throws; `DUPLICATE_ID` for an id on two rows, naming file and line
 *
 * @example
 * ```ts
 * const { items, table } = await readCatalog({
 *   path: 'items.csv.gz',
 *   columns: { id: 'parent_asin', title: 'title', price: 'price' },
 * });
 * table.get('price', items.indexOf('0375869026')!); // 9.4
 * ```
 */
export async function readCatalog(options: ReadCatalogOptions): Promise<Catalog> {
  const { names, ...rest } = await readEntities('item', options);
  return { items: new Vocabulary(names), ...rest };
}
