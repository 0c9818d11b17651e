import { CsrMatrix, TowerkitError, Vocabulary, type Recommender } from '@towerkit/core';
import { readTable } from '@towerkit/data';
import { readManifest, type ArtifactManifest } from '@towerkit/training';
import { join } from 'node:path';

import { checkConfig } from '../config/check-config.js';
import type { ResolvedConfig } from '../config/schema.js';
import { loadModel } from '../models/load-model.js';

/** A model that was read back: it can do everything but learn. */
export type SavedModel = Omit<Recommender, 'fit' | 'save'>;

/** An artifact ready to answer. */
export interface OpenArtifact {
  readonly folder: string;
  readonly manifest: ArtifactManifest;
  readonly config: ResolvedConfig;
  readonly model: SavedModel;
  readonly items: Vocabulary;
  readonly users: Vocabulary;
  /** Title of each item, where the catalog had them. */
  readonly titles?: readonly (string | null)[];
  /** Every column of `items.parquet` by name, one value for each item. */
  readonly catalog: Readonly<Record<string, ArrayLike<unknown>>>;
  /** The rows the model was trained on, users x items. */
  readonly histories: CsrMatrix;
  /** What was held back, users x items; absent after a refit. */
  readonly validation?: CsrMatrix;
  readonly test?: CsrMatrix;
  /** Training rows of each item, [items]. */
  readonly counts: Int32Array;
}

/**
 * Opens an artifact that `towerkit train` or `towerkit baseline` wrote.
 *
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`
 */
export async function openArtifact(folder: string): Promise<OpenArtifact> {
  const manifest = await readManifest(folder);
  for (const name of ['items.parquet', 'histories.parquet'])
    if (!(name in manifest.files)) throw bad(folder, `its manifest lists no ${name}`);
  const items = await columnsOf(folder, 'items.parquet');
  const histories = await columnsOf(folder, 'histories.parquet');
  const names = new Vocabulary(items.id as string[]);
  const users = new Vocabulary(histories.user as string[]);
  if (names.size !== manifest.dataset.items) throw bad(folder, 'its items do not fit its manifest');
  const targets = async (name: string) => {
    if (!(name in manifest.files)) return undefined;
    const { user, items } = await columnsOf(folder, name);
    const rows = new Array<Int32Array>(users.size).fill(new Int32Array(0));
    (user as Int32Array).forEach((id, place) => (rows[id] = (items as Int32Array[])[place]));
    return matrixOf(rows, names.size);
  };
  return {
    folder,
    manifest,
    config: checkConfig(manifest.config, `${folder}/manifest.json`),
    items: names,
    users,
    titles: items.title as (string | null)[] | undefined,
    catalog: items,
    histories: matrixOf(histories.items as Int32Array[], names.size),
    validation: await targets('validation.parquet'),
    test: await targets('test.parquet'),
    counts: Int32Array.from(items.training_count as Int32Array),
    model: await loadModel(manifest.kind, folder),
  };
}

async function columnsOf(folder: string, file: string) {
  return (await readTable(join(folder, file))).columns;
}

/** Rows as a sparse matrix. */
export function matrixOf(rows: readonly ArrayLike<number>[], cols: number): CsrMatrix {
  const indptr = new Int32Array(rows.length + 1);
  rows.forEach((row, r) => (indptr[r + 1] = indptr[r] + row.length));
  const indices = new Int32Array(indptr[rows.length]);
  rows.forEach((row, r) => indices.set(row, indptr[r]));
  return new CsrMatrix(rows.length, cols, indptr, indices);
}

const bad = (folder: string, what: string) =>
  new TowerkitError('BAD_ARTIFACT', `${folder} is not a whole artifact: ${what}`, {
    hint: 'train again, or copy the folder again from where it came',
    details: { folder },
  });
