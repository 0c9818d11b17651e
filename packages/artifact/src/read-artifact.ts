import { CsrMatrix, Vocabulary } from '@towerkit/core';
import { readTable } from '@towerkit/data';
import { join } from 'node:path';

import { badArtifact } from './manifest.js';
import { verifyArtifact, type VerifiedArtifact } from './verify-artifact.js';

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
  /** Held-back rows, users x items; a refit leaves no validation part. */
  readonly validation?: CsrMatrix;
  readonly test?: CsrMatrix;
  /** Training rows of each item, [items]. */
  readonly counts: Int32Array;
}

/**
 * Verifies an artifact and reads its tables.
 *
 * @param source a folder, or an artifact that was verified already
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`
 * @example
 * ```ts
 * const { items, titles } = await readArtifact('artifacts/shop');
 * ```
 */
export async function readArtifact(source: string | VerifiedArtifact): Promise<Artifact> {
  const verified = await verifyArtifact(source);
  const { folder, manifest } = verified;
  for (const name of ['items.parquet', 'histories.parquet'])
    if (!(name in manifest.files)) throw badArtifact(folder, `its manifest lists no ${name}`);
  const catalog = await columnsOf(folder, 'items.parquet');
  const rows = await columnsOf(folder, 'histories.parquet');
  const items = new Vocabulary(catalog.id as string[]);
  const users = new Vocabulary(rows.user as string[]);
  if (items.size !== manifest.dataset.items) throw badArtifact(folder, 'its items do not fit its manifest');
  const userTable = 'users.parquet' in manifest.files ? await columnsOf(folder, 'users.parquet') : undefined;
  if (userTable && userTable.id?.length !== users.size)
    throw badArtifact(folder, 'its table of users does not fit its histories');
  const targets = async (name: string) => {
    if (!(name in manifest.files)) return undefined;
    const held = await columnsOf(folder, name);
    const lists = new Array<Int32Array>(users.size).fill(new Int32Array(0));
    (held.user as Int32Array).forEach((id, place) => (lists[id] = (held.items as Int32Array[])[place]));
    return CsrMatrix.fromRows(lists, items.size);
  };
  return {
    ...verified,
    items,
    users,
    titles: catalog.title as (string | null)[] | undefined,
    catalog,
    ...(userTable && { userTable }),
    histories: CsrMatrix.fromRows(rows.items as Int32Array[], items.size),
    validation: await targets('validation.parquet'),
    test: await targets('test.parquet'),
    counts: Int32Array.from(catalog.training_count as Int32Array),
  };
}

async function columnsOf(folder: string, file: string) {
  return (await readTable(join(folder, file))).columns;
}
