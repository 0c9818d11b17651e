import type { DatasetSource, RecordFormat } from '@towerkit/data';
import type { ClicksSource, JudgmentsSource, ProductsSource, SearchConfig } from '@towerkit/search';
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import type { ResolvedConfig } from '../config/schema.js';
import { locateDataset, sourceOf } from '../data/locate-dataset.js';
import { TowerkitError } from '../errors.js';

/** Where a search set is, and how it is read. */
export interface LocatedSearch {
  readonly name: string;
  readonly folder: string;
  readonly judgments: Omit<JudgmentsSource, 'queries'> & {
    readonly path: string;
    readonly queries?: Omit<NonNullable<JudgmentsSource['queries']>, 'file'> & { readonly path: string };
  };
  /** What judgments are made from in place of a file of them; `judgments` then says how targets are read. */
  readonly clicks?: Omit<ClicksSource, 'file' | 'relevant'> & { readonly path: string };
  readonly products: ProductsSource & { readonly path: string };
}

/**
 * Finds judgments and products: as the config says, the rest as a known set has it.
 *
 * @param path the folder, or a file in it
 * @throws TowerkitError `NO_DATA`, `UNKNOWN_DATASET`, `FILE_NOT_FOUND`
 */
export async function locateSearch(
  { data, name }: Pick<ResolvedConfig, 'data' | 'name'>,
  { judgments: ownJudgments, clicks, products: ownProducts }: SearchConfig,
  path: string | undefined,
): Promise<LocatedSearch> {
  if (path === undefined)
    throw new TowerkitError('NO_DATA', 'there is no data to read', {
      hint: 'say where it is with --data PATH',
    });
  const isOwn = (ownJudgments ?? clicks) !== undefined && ownProducts !== undefined;
  const found = isOwn
    ? { name, folder: await folderOf(path), source: {} }
    : typeof data.dataset === 'string'
      ? { name: data.dataset, folder: await folderOf(path), source: sourceOf(data.dataset) }
      : await locateDataset(data, path, '');
  const judgments = ownJudgments ?? (clicks ? targetsOf(clicks) : judgmentsOf(found.source));
  const products = ownProducts ?? productsOf(found.source);
  if (!judgments || !products)
    throw new TowerkitError(
      'NO_DATA',
      `the set ${found.name} has no ${judgments ? 'products with titles' : 'judgments of queries and products'}`,
      { hint: 'describe them in the config: search.judgments and search.products' },
    );
  const at = (file: string) => join(found.folder, file);
  return {
    name: found.name,
    folder: found.folder,
    judgments: {
      ...judgments,
      path: at(judgments.file),
      queries: judgments.queries && { ...judgments.queries, path: at(judgments.queries.file) },
    },
    products: { ...products, path: at(products.file) },
    ...(clicks && !ownJudgments && { clicks: clicksAt(clicks, at) }),
  };
}

/** How targets of a search that learned from clicks are read: the same columns, with gains from 0 to 1 as labels. */
const targetsOf = ({ file, columns: { query, product }, relevant }: ClicksSource): JudgmentsSource => ({
  ...{ file, relevant },
  columns: { query, product, label: 'label' },
  labels: { range: [0, 1] },
});

function clicksAt(
  { file, format, delimiter, encoding, columns, click, purchase, prior, leastShown }: ClicksSource,
  at: (file: string) => string,
): NonNullable<LocatedSearch['clicks']> {
  return {
    ...{ path: at(file), columns, click, purchase, prior, leastShown },
    ...layout({ format, delimiter, encoding }),
  };
}

async function folderOf(path: string): Promise<string> {
  const place = resolve(path);
  const info = await stat(place).catch((cause) => {
    throw new TowerkitError('FILE_NOT_FOUND', `there is no file or folder ${path}`, {
      details: { file: path },
      cause,
    });
  });
  return info.isDirectory() ? place : dirname(place);
}

function judgmentsOf({ judgments }: DatasetSource): JudgmentsSource | undefined {
  if (!judgments) return undefined;
  const { file, format, delimiter, encoding, columns, labels, only, queries, relevant = 0.65 } = judgments;
  const read = 'table' in labels ? { table: { ...labels.table } } : { range: pair(labels.range) };
  return {
    file,
    ...layout({ format, delimiter, encoding }),
    columns,
    labels: read,
    only,
    queries: queries && { ...layout(queries), file: queries.file, columns: queries.columns },
    relevant,
  };
}

function productsOf({ catalog }: DatasetSource): ProductsSource | undefined {
  const title = catalog?.columns.title;
  if (!catalog || title === undefined) return undefined;
  const { file, format, delimiter, encoding, columns, duplicates } = catalog;
  const named = Object.entries(columns).flatMap(([name, column]) =>
    column === undefined ? [] : [[name, column]],
  );
  return {
    file,
    ...layout({ format, delimiter, encoding }),
    columns: { ...Object.fromEntries(named), id: columns.id, title },
    ...(duplicates && { duplicates }),
  };
}

const pair = ([low, high]: readonly [number, number]): [number, number] => [low, high];

/** How a table is laid out, without what is absent. @throws TowerkitError `NO_DATA` for sequences, which have no columns */
function layout({ format, delimiter, encoding }: Pick<RecordFormat, 'format' | 'delimiter' | 'encoding'>) {
  if (format === 'sequences') throw new TowerkitError('NO_DATA', 'sequences hold no judgments or products');
  return { ...(format && { format }), ...(delimiter && { delimiter }), ...(encoding && { encoding }) };
}
