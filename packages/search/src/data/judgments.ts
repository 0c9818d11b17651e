import { Vocabulary } from '@towerkit/core';
import { readCatalog, readInteractions, type OnBadRow } from '@towerkit/data';

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
  /** Only rows with these values, by the names of the columns. */
  readonly only?: Readonly<Record<string, string>>;
  /** The file of the queries, where the judgments have their ids. */
  readonly queries?: Omit<NonNullable<JudgmentsSource['queries']>, 'file'> & { readonly path: string };
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
  only = {},
  queries: texts,
  products: catalog,
  ...source
}: ReadJudgmentsOptions): Promise<Judgments> {
  const conditions = Object.entries(only).map(([column, value], at) => ({
    name: `only ${at}`,
    column,
    value,
  }));
  const more = Object.fromEntries(conditions.map(({ name, column }) => [name, column]));
  const log = await readInteractions({
    ...source,
    columns: { user: columns.query, item: columns.product, more: { ...more, label: columns.label } },
    items: catalog,
  });
  const textOf = texts && (await readQueryTexts(texts, source.onBadRow));
  const rowsOf = new Map<string, number[]>();
  log.user.forEach((query, row) => {
    if (!conditions.every(({ name, value }) => log.more![name][row] === value)) return;
    const text = textOf ? textOf(log.users.names[query]) : log.users.names[query];
    const rows = rowsOf.get(text);
    if (rows) rows.push(row);
    else rowsOf.set(text, [row]);
  });
  const start = new Int32Array(rowsOf.size + 1);
  const products: number[] = [];
  const gains: number[] = [];
  let [unknown, repeated, query] = [0, 0, 0];
  for (const [text, rows] of rowsOf) {
    const seen = new Set<number>();
    for (const row of rows) {
      const item = log.item[row];
      const place = { file: source.path, query: text, product: log.items.names[item] };
      const gain = requireGain(labels, log.more!.label[row], place);
      if (seen.has(item)) {
        repeated++;
        continue;
      }
      seen.add(item);
      if (item >= catalog.size) unknown++;
      products.push(item < catalog.size ? item : -1);
      gains.push(gain);
    }
    start[++query] = products.length;
  }
  if (unknown === products.length) throw noJudgments(source.path, catalog, log.items, products.length);
  return {
    queries: new Vocabulary([...rowsOf.keys()]),
    ...{ start, unknown, repeated, skipped: log.skipped },
    products: Int32Array.from(products),
    gains: Float32Array.from(gains),
  };
}

/** The text of a query by its id; the id itself for one that the file lacks. */
async function readQueryTexts(
  { columns, ...file }: NonNullable<ReadJudgmentsOptions['queries']>,
  onBadRow: OnBadRow | undefined,
): Promise<(id: string) => string> {
  const { items, table } = await readCatalog({
    ...file,
    columns: { id: columns.id, title: columns.text },
    onBadRow,
  });
  const texts = table.array('title') as ArrayLike<string | null>;
  return (id) => {
    const row = items.indexOf(id);
    return (row === undefined ? undefined : texts[row]) ?? id;
  };
}

function noJudgments(path: string, catalog: Vocabulary, items: Vocabulary, rows: number): Error {
  if (rows === 0)
    return new TowerkitError('NO_JUDGMENTS', `${path} has no judgment to use`, {
      hint: 'does search.judgments.only leave any row?',
    });
  return new TowerkitError('NO_JUDGMENTS', `${path}: the catalog has none of the products judged there`, {
    hint: 'do both name products by the same id? see columns.product and columns.id',
    details: { example: items.names[catalog.size], known: catalog.names[0] },
  });
}
