import type { Vocabulary } from '@towerkit/core';
import { fingerprint, readCatalog, type Catalog, type OnBadRow } from '@towerkit/data';
import {
  productTexts,
  readClicks,
  readJudgments,
  type Judgments,
  type ProductTable,
  type SearchConfig,
} from '@towerkit/search';

import type { LocatedSearch } from './locate-search.js';

/** A search set in memory. */
export interface SearchSet {
  readonly catalog: Catalog;
  readonly judgments: Judgments;
  /** Text of each product. */
  readonly texts: readonly string[];
  readonly titles: readonly (string | null)[];
  /** Ids and columns of the products. */
  readonly products: ProductTable;
  /** Hash of judgments and products. */
  readonly fingerprint: string;
}

/** Reads products and judgments. @throws TowerkitError what `readCatalog`, `readJudgments` and `readClicks` throw; `MISSING_COLUMN` */
export async function readSearch(
  { judgments: from, clicks, products }: LocatedSearch,
  { text, tower: { product } }: Pick<SearchConfig, 'text' | 'tower'>,
  { onBadRow }: { onBadRow: OnBadRow },
): Promise<SearchSet> {
  const types = productTypes(text, product.numbers);
  const catalog = await readCatalog({ ...products, types, onBadRow });
  const { table, items } = catalog;
  const has = table.columnNames();
  const column = (name: string) =>
    has.includes(name) ? (table.array(name) as ArrayLike<unknown>) : undefined;
  const judgments = clicks
    ? (await readClicks({ ...clicks, products: items, onBadRow })).judgments
    : await readJudgments({ ...from, products: items, onBadRow });
  return {
    ...{ catalog, judgments },
    texts: productTexts(text, column, items.size),
    products: { ids: items.names, column },
    titles: Array.from(column('title')!, (title) => title as string | null),
    fingerprint: fingerprint(logOf(judgments, items)),
  };
}

/** How columns are read: those of the text as texts, numbers as numbers, the rest as they look. */
export const productTypes = (text: readonly string[], numbers: readonly string[]) => ({
  ...Object.fromEntries(numbers.map((name) => [name, 'number' as const])),
  ...Object.fromEntries(text.map((name) => [name, 'text' as const])),
});

/** Judgments as a log, queries as its users: what an artifact keeps of them. Rows of unknown products are left out. */
export function logOf({ queries, start, products, gains }: Judgments, items: Vocabulary) {
  const user: number[] = [];
  const kept: number[] = [];
  for (let query = 0; query < queries.size; query++)
    for (let row = start[query]; row < start[query + 1]; row++)
      if (products[row] >= 0) {
        user.push(query);
        kept.push(row);
      }
  return {
    users: queries,
    items,
    user: Int32Array.from(user),
    item: Int32Array.from(kept, (row) => products[row]),
    rating: Float32Array.from(kept, (row) => gains[row]),
  };
}
