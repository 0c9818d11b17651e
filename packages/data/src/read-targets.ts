import type { ItemId, UserId, Vocabulary } from '@towerkit/core';

import type { OnBadRow } from './bad-row.js';
import { eachChunk, readable, withDuckDB, type DuckDbOptions } from './duckdb.js';
import { TowerkitError } from './errors.js';
import { formatOf } from './format.js';
import { readSequences } from './read-sequences.js';
import type { RecordFormat } from './source.js';
import { stage } from './stage.js';

/** What {@link readTargets} reads, and how. */
export interface ReadTargetsOptions extends RecordFormat, DuckDbOptions {
  readonly path: string;
  readonly columns: { readonly user: string; readonly item: string };
  /** Users a model knows. */
  readonly users: Vocabulary<UserId>;
  /** Items a model knows. */
  readonly items: Vocabulary<ItemId>;
  /** What to do with a row that cannot be used, `error` by default. */
  readonly onBadRow?: OnBadRow;
}

/** Pairs to evaluate, in file order. */
export interface Targets {
  /** Dense user of each pair, -1 for one not in `users`; shape [pairs]. */
  readonly user: Int32Array;
  /** Dense item of each pair, -1 for one not in `items`; shape [pairs]. */
  readonly item: Int32Array;
  /** Pairs whose user is not in `users`. */
  readonly unknownUsers: number;
  /** Pairs whose item is not in `items`. */
  readonly unknownItems: number;
  /** Rows left out because they could not be used. */
  readonly skipped: number;
}

/**
 * Reads user and item pairs in the ids of vocabularies that exist already: a table, or a sequence file.
 *
 * @throws TowerkitError what {@link readInteractions} throws
 */
export async function readTargets(options: ReadTargetsOptions): Promise<Targets> {
  const { path, columns, users, items, onBadRow } = options;
  if ((options.format ?? formatOf(path)) === 'sequences') {
    const read = await readSequences([path], [], onBadRow);
    const translate = (ids: Int32Array, names: readonly string[], known: Vocabulary) => {
      const translation = names.map((name) => known.indexOf(name) ?? -1);
      return ids.map((id) => translation[id]);
    };
    return summary(
      translate(read.user, read.userNames, users),
      translate(read.item, read.itemNames, items),
      read.skipped,
    );
  }
  return withDuckDB(options, async (connection) => {
    const fields = [
      { role: 'user', column: columns.user, kind: 'id' },
      { role: 'item', column: columns.item, kind: 'id' },
    ] as const;
    const { skipped } = await stage(connection, [path], options, fields, onBadRow);
    const user: number[] = [];
    const item: number[] = [];
    await eachChunk(
      connection,
      `SELECT ${readable('"user"')}, ${readable('"item"')} FROM staged WHERE problem IS NULL ORDER BY rowid`,
      (chunk) => {
        const [userNames, itemNames] = [chunk.getColumnVector(0), chunk.getColumnVector(1)];
        for (let k = 0; k < chunk.rowCount; k++) {
          user.push(users.indexOf(userNames.getItem(k) as string) ?? -1);
          item.push(items.indexOf(itemNames.getItem(k) as string) ?? -1);
        }
      },
    );
    if (user.length === 0) throw new TowerkitError('EMPTY_DATA', `${path} has no row to use`);
    return summary(Int32Array.from(user), Int32Array.from(item), skipped);
  });
}

const summary = (user: Int32Array, item: Int32Array, skipped: number): Targets => ({
  user,
  item,
  unknownUsers: user.filter((id) => id < 0).length,
  unknownItems: item.filter((id) => id < 0).length,
  skipped,
});
