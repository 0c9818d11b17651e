import type { Vocabulary } from '@towerkit/core';
import { readInteractions, type OnBadRow } from '@towerkit/data';

import { TowerkitError } from '../errors.js';
import type { JudgmentsSource } from '../schema.js';
import { requireGain } from './labels.js';

/** What raters said of products for queries; rows stand by query. */
export interface Judgments {
  /** The queries, as they are written. */
  readonly queries: Vocabulary;
  /** First row of each query and, last, the number of rows; shape [queries + 1]. */
  readonly start: Int32Array;
  /** Dense id of the product of each row; -1 for a product that the catalog lacks. */
  readonly products: Int32Array;
  /** From 0 for irrelevant to 1, shape [rows]. */
  readonly gains: Float32Array;
  /** Rows of products that the catalog lacks. */
  readonly unknown: number;
  /** Rows of a query and a product that had one already, which are left out. */
  readonly repeated: number;
  /** Rows that could not be read. */
  readonly skipped: number;
}

/** Where judgments are, and what their products are called. */
export interface ReadJudgmentsOptions extends Pick<JudgmentsSource, 'columns' | 'labels'> {
  readonly path: string;
  readonly format?: JudgmentsSource['format'];
  readonly delimiter?: string;
  readonly encoding?: JudgmentsSource['encoding'];
  /** Ids of the catalog. */
  readonly products: Vocabulary;
  readonly onBadRow?: OnBadRow;
}

/**
 * Reads judgments from CSV, TSV, JSON lines or Parquet. Of a query and a product that stand twice the first row counts. Rows of
 * products that the catalog lacks stay, as products that nothing can find.
 *
 * @throws TowerkitError `BAD_LABEL`; `NO_JUDGMENTS` where the catalog has none of the products; what `readInteractions` throws
 */
export async function readJudgments({
  columns,
  labels,
  products: catalog,
  ...source
}: ReadJudgmentsOptions): Promise<Judgments> {
  const log = await readInteractions({
    ...source,
    columns: { user: columns.query, item: columns.product, more: { label: columns.label } },
    items: catalog,
  });
  const queries = log.users;
  const start = new Int32Array(queries.size + 1);
  const products: number[] = [];
  const gains: number[] = [];
  let [unknown, repeated] = [0, 0];
  for (let row = 0; row < log.user.length;) {
    const query = log.user[row];
    const seen = new Set<number>();
    for (; row < log.user.length && log.user[row] === query; row++) {
      const item = log.item[row];
      const gain = requireGain(labels, log.more!.label[row], {
        file: source.path,
        query: queries.names[query],
        product: log.items.names[item],
      });
      if (seen.has(item)) {
        repeated++;
        continue;
      }
      seen.add(item);
      if (item >= catalog.size) unknown++;
      products.push(item < catalog.size ? item : -1);
      gains.push(gain);
    }
    start[query + 1] = products.length;
  }
  if (unknown === products.length)
    throw new TowerkitError(
      'NO_JUDGMENTS',
      `${source.path}: the catalog has none of the products judged there`,
      {
        hint: 'do both name products by the same id? see columns.product and columns.id',
        details: { example: log.items.names[catalog.size], known: catalog.names[0] },
      },
    );
  const { skipped } = log;
  return {
    ...{ queries, start, unknown, repeated, skipped },
    products: Int32Array.from(products),
    gains: Float32Array.from(gains),
  };
}
