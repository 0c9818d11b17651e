import { encodeSafetensors, type CsrMatrix, type Vocabulary } from '@towerkit/core';
import {
  writeParquet,
  type Catalog,
  type ColumnType,
  type ColumnValues,
  type RowColumns,
  type UserTable,
} from '@towerkit/data';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFeedback, type ArtifactFeedback } from './feedback.js';
import { momentColumns, type HeldMoments } from './held-moments.js';
import type { ArtifactFacts, ArtifactManifest } from './manifest.js';
import { markUnlisted } from './unlisted.js';
import { writeArtifact } from './write-artifact.js';

/** The contents of an artifact. */
export interface ArtifactContents extends Omit<ArtifactFacts, 'dataset'> {
  readonly dataset: Pick<ArtifactFacts['dataset'], 'name' | 'fingerprint' | 'interactions'>;
  readonly users: Vocabulary;
  readonly items: Vocabulary;
  /** Columns of the items, where there are any; an item it lacks gets nulls. */
  readonly catalog?: Catalog;
  /** Columns of the users, where there are any; a user it lacks gets nulls. */
  readonly userTable?: UserTable;
  /** Title of each item, where the catalog has none. */
  readonly titles?: readonly string[];
  /** The rows the model was trained on, users x items, oldest first. */
  readonly histories: CsrMatrix;
  /** Held-back rows, users x items; a refit leaves no validation part. */
  readonly validation?: CsrMatrix;
  readonly test?: CsrMatrix;
  /** Where not all that users did is a history and a target alike: what else there is of each part above. */
  readonly feedback?: ArtifactFeedback;
  /** Training rows of each item, [items]. Default: its rows in `histories`. */
  readonly counts?: Int32Array;
  /** What is known of the moments of held-back rows; of a part that is there. */
  readonly moments?: HeldMoments;
  /** Writes the model's own files into the folder it is given. */
  readonly write: (folder: string) => Promise<void>;
}

type Columns = Record<string, { type: ColumnType; values: ColumnValues }>;

/**
 * Writes an artifact: the model's files, and
 *
 * - `items.parquet`: one row per dense item id: `id`, `title` and the catalog's other columns, `training_count`;
 *   `items.json` has `id`, `title` and `training_count` as lists, for readers without Parquet, such as browsers
 * - `histories.parquet`: one row per dense user id: `user`, `items` (dense item ids, oldest to newest): the rows
 *   the model was trained on
 * - `users.parquet`, where something is known of them: one row per dense user id: `id` and the columns of the table
 * - `validation.parquet`, `test.parquet`: `user` (dense), `items` and, where they were rated, `ratings`: what was held back, of
 *   users who have any; where moments are known, `moment/<column>` has a value for each item
 * - `feedback.parquet`, where not all that users did is a history and a target alike: `user` (dense), and for each part the
 *   items that entered the history, those taken and those disliked
 * - `popularity.safetensors`: `counts` [items], int32; its metadata list the items that stand neither in training nor in the
 *   catalog, which are never recommended, as `unlisted`
 *
 * @throws TowerkitError `UNWRITABLE`
 */
export function saveArtifact(folder: string, contents: ArtifactContents): Promise<ArtifactManifest> {
  const { kind, name, recipe, dataset, packages, metrics, baselines, model } = contents;
  const { users, items, histories, validation, test, moments, write } = contents;
  const sizes = { users: users.size, items: items.size };
  const facts = {
    kind,
    name,
    recipe,
    dataset: { ...dataset, ...sizes },
    packages,
    metrics,
    baselines,
    model,
  };
  return writeArtifact(folder, facts, async (fresh) => {
    const counts = contents.counts ?? histories.columnCounts();
    await writeFile(
      join(fresh, 'popularity.safetensors'),
      encodeSafetensors({ counts: { shape: [counts.length], data: counts } }),
    );
    await write(fresh); // a popularity model has its own file of that name
    await writeItems(fresh, itemColumns(contents, counts));
    await markUnlisted(fresh, { ...contents, counts });
    await writeParquet(join(fresh, 'histories.parquet'), {
      user: { type: 'VARCHAR', values: users.names },
      items: { type: 'INTEGER[]', values: users.names.map((_, user) => histories.row(user)) },
    });
    const { userTable } = contents;
    if (userTable)
      await writeParquet(join(fresh, 'users.parquet'), columnsOf(users, userTable.users, userTable.table));
    if (validation) await writeTargets(join(fresh, 'validation.parquet'), validation, moments?.validation);
    if (test) await writeTargets(join(fresh, 'test.parquet'), test, moments?.test);
    if (contents.feedback) await writeFeedback(fresh, contents.feedback);
  });
}

/** Writes the items into an artifact's folder: `items.parquet` with every column, and `items.json`. */
export async function writeItems(folder: string, columns: Readonly<Columns>): Promise<void> {
  await writeParquet(join(folder, 'items.parquet'), columns);
  const lists = ['id', 'title', 'training_count'].flatMap((name) =>
    name in columns ? [[name, Array.from(columns[name].values as ArrayLike<unknown>)]] : [],
  );
  await writeFile(join(folder, 'items.json'), `${JSON.stringify(Object.fromEntries(lists))}\n`);
}

function itemColumns({ items, catalog, titles }: ArtifactContents, counts: Int32Array): Columns {
  const columns = columnsOf(items, catalog?.items, catalog?.table);
  delete columns.training_count; // that of another training
  if (titles && !('title' in columns)) columns.title = { type: 'VARCHAR', values: titles };
  columns.training_count = { type: 'INTEGER', values: counts };
  return columns;
}

/** Columns of a table in the order of dense ids, nulls for those that it lacks. */
function columnsOf(
  names: Vocabulary,
  ids: Vocabulary | undefined,
  table: Catalog['table'] | undefined,
): Columns {
  const columns: Columns = { id: { type: 'VARCHAR', values: names.names } };
  if (!ids || !table) return columns;
  const rows = names.names.map((name) => ids.indexOf(name));
  for (const name of table.columnNames()) {
    if (name in columns) continue;
    const from = table.array(name) as ArrayLike<string | number | null>;
    const values = rows.map((row) => {
      const value = row === undefined ? null : from[row];
      return typeof value === 'number' && Number.isNaN(value) ? null : value;
    });
    // A column of text without a value stays one of text, which rows that are added later may fill.
    const numbers =
      ArrayBuffer.isView(table.column(name)) ||
      (values.some((value) => value !== null) &&
        values.every((value) => value === null || typeof value === 'number'));
    columns[name] = { type: numbers ? 'DOUBLE' : 'VARCHAR', values };
  }
  return columns;
}

async function writeTargets(path: string, targets: CsrMatrix, moments?: RowColumns): Promise<void> {
  const users = Int32Array.from({ length: targets.rows }, (_, user) => user).filter(
    (user) => targets.indptr[user + 1] > targets.indptr[user],
  );
  const { indptr } = targets;
  const lists = (values: Float32Array) =>
    Array.from(users, (user) => values.subarray(indptr[user], indptr[user + 1]));
  await writeParquet(path, {
    user: { type: 'INTEGER', values: users },
    items: { type: 'INTEGER[]', values: Array.from(users, (user) => targets.row(user)) },
    ...(targets.values && { ratings: { type: 'FLOAT[]', values: lists(targets.values) } }),
    ...momentColumns(targets, users, moments),
  });
}
