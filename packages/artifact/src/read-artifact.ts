import { CsrMatrix, Vocabulary } from '@towerkit/core';
import type { RowColumns, Table } from '@towerkit/data';

import { FEEDBACK, type ArtifactFeedback } from './feedback.js';
import { readMoments, type HeldMoments } from './held-moments.js';
import { badArtifact } from './manifest.js';
import { listColumn, numbersColumn, readArtifactTable, textColumn, wholeColumn } from './read-tables.js';
import { verifyArtifact, whileUnchanged, type VerifiedArtifact } from './verify-artifact.js';

/** An artifact without its model: users, items, histories and held-back rows. */
export interface Artifact extends VerifiedArtifact {
  readonly items: Vocabulary;
  readonly users: Vocabulary;
  /** Title of each item, where the catalog had titles. */
  readonly titles?: readonly (string | null)[];
  /** Every column of `items.parquet` by name, one value for each item. */
  readonly catalog: Readonly<Record<string, ArrayLike<unknown>>>;
  /** Every column of `users.parquet` by name, one value for each user; absent where nothing is known of them. */
  readonly userTable?: Readonly<Record<string, ArrayLike<unknown>>>;
  /** The rows the model was trained on, users x items, oldest first. */
  readonly histories: CsrMatrix;
  /** Held-back rows, users x items, with ratings as values where they were rated; a refit leaves no validation part. */
  readonly validation?: CsrMatrix;
  readonly test?: CsrMatrix;
  /** What entered histories, what was taken and what is disliked, part by part, where that is not the same as the rows above. */
  readonly feedback?: ArtifactFeedback;
  /** What is known of the moments of held-back rows; absent where nothing is. */
  readonly moments?: HeldMoments;
  /** Training rows of each item, [items]. */
  readonly counts: Int32Array;
}

/**
 * Verifies an artifact and reads its tables.
 *
 * @param source a folder, or an artifact that was verified already
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`; `BAD_ARTIFACT`, also for tables that do not fit the manifest or each other:
 *   other numbers of rows (looked up before they are read), ids that are missing, doubled or out of range; `ARTIFACT_CHANGED`
 *   when it is replaced meanwhile
 * @example
 * ```ts
 * const { items, titles } = await readArtifact('artifacts/shop');
 * ```
 */
export async function readArtifact(source: string | VerifiedArtifact): Promise<Artifact> {
  const verified = await verifyArtifact(source);
  return whileUnchanged([verified], () => readTables(verified));
}

async function readTables(verified: VerifiedArtifact): Promise<Artifact> {
  const { manifest } = verified;
  const catalog = await openTable(verified, 'items.parquet');
  const rows = await openTable(verified, 'histories.parquet');
  const items = vocabulary(catalog, 'id');
  const users = vocabulary(rows, 'user');
  const known = 'users.parquet' in manifest.files ? await openTable(verified, 'users.parquet') : undefined;
  if (known && !known.column('id', textColumn).every((name, row) => name === users.names[row]))
    throw known.bad('its ids are not those of the histories');
  const some = async (name: string): Promise<UserRows | undefined> => {
    if (!(name in manifest.files)) return undefined;
    const table = await openTable(verified, name);
    const seen = new Uint8Array(users.size);
    const own = table.column('user', (all, column) => wholeColumn(all, column, users.size));
    for (const user of own) if (seen[user]++) throw table.bad(`it has user ${user} twice`);
    return {
      rowsOf: (column) => {
        const given = table.column(column, listColumn);
        const lists = new Array<Int32Array>(users.size).fill(new Int32Array(0));
        given.forEach((list, place) => (lists[own[place]] = list));
        const matrix = matrixOf(table, lists, items.size);
        if (column !== 'items' || !Object.hasOwn(table.columns, 'ratings')) return matrix;
        return withValues(
          matrix,
          own,
          table.column('ratings', (all, name) => numbersColumn(all, name, given)),
        );
      },
      momentsOf: (part) => {
        const moments = readMoments(table, own, part);
        if (typeof moments === 'string') throw table.bad(moments);
        return moments;
      },
    };
  };
  const held = async (name: string) => {
    const part = await some(name);
    const rows = part?.rowsOf('items');
    return { rows, moments: rows && part?.momentsOf(rows) };
  };
  const validation = await held('validation.parquet');
  const test = await held('test.parquet');
  const moments = {
    ...(validation.moments && { validation: validation.moments }),
    ...(test.moments && { test: test.moments }),
  };
  const told = (await some(FEEDBACK))?.rowsOf;
  const ofPart = (part: 'validation' | 'test') =>
    told && {
      history: told(`${part}_history`),
      taken: told(`${part}_taken`),
      disliked: told(`${part}_disliked`),
    };
  return {
    ...verified,
    items,
    users,
    titles: catalog.columns.title as (string | null)[] | undefined,
    catalog: catalog.columns,
    ...(known && { userTable: known.columns }),
    histories: matrixOf(rows, rows.column('items', listColumn), items.size),
    validation: validation.rows,
    test: test.rows,
    ...(Object.keys(moments).length > 0 && { moments }),
    ...(told && {
      feedback: {
        train: { taken: told('train_taken'), disliked: told('train_disliked') },
        ...(validation.rows && { validation: ofPart('validation') }),
        ...(test.rows && { test: ofPart('test') }),
      },
    }),
    counts: Int32Array.from(
      catalog.column('training_count', (all, column) => wholeColumn(all, column, 2 ** 31)),
    ),
  };
}

/** What a table holds for some of the users. */
interface UserRows {
  /** A column of lists of items, users x items. */
  rowsOf(column: string): CsrMatrix;
  /** What it holds of the moment of each of these items, if anything. */
  momentsOf(part: CsrMatrix): RowColumns | undefined;
}

/** A table whose faults are those of its artifact. */
interface CheckedTable {
  readonly columns: Table['columns'];
  bad(what: string, cause?: unknown): Error;
  column<T>(name: string, read: (table: Table, name: string) => T | string): T;
}

async function openTable(artifact: VerifiedArtifact, name: string): Promise<CheckedTable> {
  const table = await readArtifactTable(artifact, name);
  const bad = (what: string, cause?: unknown) => badArtifact(artifact.folder, `${name}: ${what}`, cause);
  return {
    columns: table.columns,
    bad,
    column(column, read) {
      if (!Object.hasOwn(table.columns, column)) throw bad(`it has no column "${column}"`);
      const values = read(table, column);
      if (typeof values === 'string') throw bad(values);
      return values;
    },
  };
}

function vocabulary(table: CheckedTable, column: string): Vocabulary {
  const names = table.column(column, textColumn);
  try {
    return new Vocabulary(names);
  } catch (cause) {
    throw table.bad((cause as Error).message, cause);
  }
}

/** The same entries with values. @param rows row of each list */
function withValues(
  { rows: count, cols, indptr, indices }: CsrMatrix,
  rows: Int32Array,
  lists: readonly Float32Array[],
): CsrMatrix {
  const values = new Float32Array(indices.length);
  lists.forEach((list, place) => values.set(list, indptr[rows[place]]));
  return new CsrMatrix(count, cols, indptr, indices, values);
}

function matrixOf(table: CheckedTable, lists: readonly Int32Array[], items: number): CsrMatrix {
  try {
    return CsrMatrix.fromRows(lists, items);
  } catch (cause) {
    throw table.bad((cause as Error).message, cause);
  }
}
