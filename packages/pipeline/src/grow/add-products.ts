import { readArtifactTable, type VerifiedArtifact } from '@towerkit/artifact';
import { readCatalog, type OnBadRow } from '@towerkit/data';
import { hasIndex } from '@towerkit/recommend';
import { inputFeatures, productTexts, readSearchParts, searchFactsOf } from '@towerkit/search';

import { productTypes } from '../search/read-search.js';
import { growArtifact } from './grow-artifact.js';
import { newRows } from './new-rows.js';

/** Which products are added. */
interface AddedProducts {
  readonly items: string;
  /** Folder of local text models, where the towers read sentences; the hub when absent. */
  readonly models?: string;
  readonly onBadRow?: OnBadRow;
}

/**
 * Adds products to an artifact of a search: their vectors follow from their texts and inputs, and BM25 is made anew with them. Their
 * ids are none that training judged.
 *
 * @throws TowerkitError `KNOWN_ITEM`; what reading and `rewriteArtifact` throw
 */
export async function addProducts(
  { items: path, models, onBadRow = 'error' }: AddedProducts,
  artifact: VerifiedArtifact,
) {
  const { text, products, inputs } = searchFactsOf(artifact);
  const table = await readArtifactTable(artifact, 'items.parquet');
  const own = Object.keys(table.columns).filter((name) => name !== 'training_count');
  const named = products?.columns ?? { id: 'id', ...Object.fromEntries(own.map((name) => [name, name])) };
  const types = productTypes(text, Object.keys(inputs.numbers));
  const catalog = await readCatalog({ path, columns: { ...named, id: named.id }, types, onBadRow });
  const { rows, skipped, spanned } = newRows(catalog, table, { path, onBadRow });
  const has = catalog.table.columnNames();
  const column = (name: string): unknown[] => {
    if (!has.includes(name)) return rows.map(() => null);
    const values = catalog.table.array(name) as ArrayLike<unknown>;
    return rows.map((row) => (Number.isNaN(values[row]) ? null : values[row]));
  };
  const { tower } = await readSearchParts(artifact, { models, cached: true });
  const known = (name: string) => (has.includes(name) ? column(name) : undefined);
  const texts = productTexts(text, known, rows.length);
  const ids = rows.map((row) => catalog.items.names[row]);
  const vectors = await tower.encodeProducts(texts, inputFeatures(inputs, { ids, column: known }));
  await tower.parts.sentence?.encoder.dispose?.();
  const index =
    rows.length > 0 ? await growArtifact(artifact, table, rows.length, column, { vectors }) : undefined;
  return {
    added: rows.length,
    items: table.rows + rows.length,
    skipped,
    ...(spanned && { spanned }),
    unseen: {},
    /** The towers read no ids of new products. */
    idDropout: 1,
    index: index ?? (hasIndex(artifact) ? ('updated' as const) : ('none' as const)),
  };
}
