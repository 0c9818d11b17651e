import {
  holdArtifact,
  readArtifactTable,
  verifyArtifact,
  versionOf,
  type VerifiedArtifact,
} from '@towerkit/artifact';
import type { Catalog, OnBadRow, SpannedLines, Table } from '@towerkit/data';
import {
  encodeColumns,
  reopenEncoder,
  textPlaces,
  type EncodedColumns,
  type Encodings,
} from '@towerkit/features';
import { hasIndex, ItemEncoder, twoTowerFactsOf } from '@towerkit/recommend';
import { basename } from 'node:path';

import { recipeOf } from '../config/recipe.js';
import { growArtifact, type GrownIndex } from './grow-artifact.js';
import { addProducts } from './add-products.js';
import { newRows } from './new-rows.js';
import { newVectors, type NewVectorFile } from './new-vectors.js';
import { readCatalogFile } from './read-catalog-file.js';

/** Options of {@link addItems}. */
export interface AddItemsOptions {
  readonly artifact: string;
  /** A file with the columns of the catalog that the artifact was trained with: those its item tower reads. */
  readonly items: string;
  /** Files of vectors of the items, by the feature of the model that they are; an item without one has zeros. */
  readonly vectors?: Readonly<Record<string, NewVectorFile>>;
  /** What to do with a row that cannot be used or an item that is there already. Default `error`. */
  readonly onBadRow?: OnBadRow;
  /** Folder of local text models. */
  readonly models?: string;
  readonly threads?: number;
}

/** Result of {@link addItems}. */
export interface AddedItems {
  /** Items added, and all there are now. */
  readonly added: number;
  readonly items: number;
  /** Rows left out. */
  readonly skipped: number;
  /** The row left out that spans most lines, where one spans several. */
  readonly spanned?: SpannedLines;
  /**
   * By category: new items whose value training never saw (or saw less often than its `minCount`), and the values with how
   * many items have each. The model reads them as missing. Categories without such an item are absent.
   */
  readonly unseen: Readonly<
    Record<string, { readonly items: number; readonly values: Readonly<Record<string, number>> }>
  >;
  /** By feature that is a vector: new items without one. Absent for a model that reads none. */
  readonly withoutVector?: Readonly<Record<string, number>>;
  /** Share of the items that training read without their id; with 0 the vectors of new items are guesses. */
  readonly idDropout: number;
  /**
   * The artifact's index: `updated` with the new items; `removed`, because it is in a database that the old artifact still
   * uses, and must be built again; `none` where there was none.
   */
  readonly index: GrownIndex;
}

/**
 * Adds items that came after the training to an artifact; their vectors follow from what the item tower reads beside ids. The
 * artifact is replaced as a whole or not at all; its index gets the items, too, unless it is in a database.
 *
 * @throws TowerkitError `KNOWN_ITEM` for an item it has already; `NO_CONTENT` for a model that knows items by their id
 *   alone; `OTHER_ENCODER`; `SHAPE_MISMATCH` for vectors of another width than those trained with; `LOCKED` while another process writes it; `FOLDER_IN_USE` when its folder holds other files;
 *   `ARTIFACT_CHANGED` when it was replaced meanwhile; what reading throws
 */
export async function addItems(options: AddItemsOptions): Promise<AddedItems> {
  await versionOf(options.artifact); // where there is none, nothing is locked
  return holdArtifact(options.artifact, () => add(options));
}

async function add(options: AddItemsOptions): Promise<AddedItems> {
  const { artifact: folder, threads } = options;
  const artifact = await verifyArtifact(folder);
  if (artifact.manifest.kind === 'search') return addProducts(options, artifact);
  await verifyArtifact(artifact, 'two-tower');
  const encoder = await ItemEncoder.load(artifact, { threads });
  try {
    const encodings = twoTowerFactsOf(artifact).features;
    const table = await readArtifactTable(artifact, 'items.parquet');
    const { catalog, rows, skipped, spanned } = await readNew(options, artifact, encodings, table);
    const { values: given, without } = await newVectors(
      options.vectors ?? {},
      encodings,
      recipeOf(artifact),
      catalog,
      rows,
    );
    const column = (name: string): unknown[] => {
      const values = catalog.table.array(name) as ArrayLike<unknown>;
      return rows.map((row) => (Number.isNaN(values[row]) ? null : values[row]));
    };
    const columns = await encodeColumns(
      encodings,
      encoder.features,
      rows.length,
      (name) => given[name] ?? column(name),
      (name, encoding) => reopenEncoder(folder, name, encoding, textPlaces(folder, options), { threads }),
      (row) => `item "${catalog.items.nameOf(rows[row])}" of ${basename(options.items)}`,
    );
    const encoded = await encoder.encode(columns);
    const has = catalog.table.columnNames();
    const kept = (name: string) => (has.includes(name) ? column(name) : rows.map(() => null));
    const index =
      rows.length > 0 ? await growArtifact(artifact, table, rows.length, kept, encoded) : undefined;
    return {
      added: rows.length,
      items: table.rows + rows.length,
      skipped,
      ...(spanned && { spanned }),
      unseen: countsOf(columns.unseen),
      ...(Object.keys(without).length > 0 && { withoutVector: without }),
      idDropout: encoder.idDropout,
      index: index ?? (hasIndex(artifact) ? 'updated' : 'none'),
    };
  } finally {
    await encoder.dispose();
  }
}

/** How many items have a value that is unseen, by category. */
function countsOf(unseen: EncodedColumns['unseen']): AddedItems['unseen'] {
  return Object.fromEntries(
    Object.entries(unseen)
      .filter(([, values]) => values.size > 0)
      .map(([name, values]) => [
        name,
        {
          items: [...values.values()].reduce((sum, count) => sum + count),
          values: Object.fromEntries(values),
        },
      ]),
  );
}

/** Reads the file and finds the rows of items that are new. */
async function readNew(
  { items: path, onBadRow = 'error' }: AddItemsOptions,
  artifact: VerifiedArtifact,
  encodings: Encodings,
  table: Table,
): Promise<{ catalog: Catalog; rows: number[]; skipped: number; spanned?: SpannedLines }> {
  const catalog = await readCatalogFile(path, artifact, encodings, table, onBadRow);
  return { catalog, ...newRows(catalog, table, { path, onBadRow }) };
}
