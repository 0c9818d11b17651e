import type { VerifiedArtifact } from '@towerkit/artifact';
import { readCatalog, type Catalog, type OnBadRow, type Table } from '@towerkit/data';
import { columnsRead, type Encodings } from '@towerkit/features';
import { extname } from 'node:path';

import { recipeOf } from '../config/recipe.js';
import { sourceOf } from '../data/locate-dataset.js';

/**
 * Reads a file of items with the columns that an artifact's catalog was read with, as its encodings take them.
 *
 * @param table its items so far
 * @throws TowerkitError what `readCatalog` throws
 */
export function readCatalogFile(
  path: string,
  artifact: VerifiedArtifact,
  encodings: Encodings,
  table: Table,
  onBadRow: OnBadRow = 'error',
): Promise<Catalog> {
  const { dataset } = recipeOf(artifact).data;
  const { catalog: source } = sourceOf(dataset ?? '', 'any');
  const types = columnsRead(encodings);
  // A catalog that was given in memory has its columns under their own names.
  const own = ['title', ...Object.keys(types)].filter((name) => name in table.columns);
  const named = source?.columns ?? { id: 'id', ...Object.fromEntries(own.map((name) => [name, name])) };
  const extract = Object.entries(source?.extract ?? {}).filter(([name]) => name in types);
  const needed = new Set(['id', 'title', ...Object.keys(types), ...extract.map(([, { from }]) => from)]);
  const wanted = Object.keys(named).filter((name) => needed.has(name));
  const sameForm = source && extname(source.file) === extname(path);
  return readCatalog({
    ...(sameForm && { ...source, file: undefined }),
    path,
    columns: Object.fromEntries(wanted.map((name) => [name, named[name]])) as { id: string },
    types: { ...source?.types, ...types },
    extract: Object.fromEntries(extract),
    onBadRow,
  });
}
