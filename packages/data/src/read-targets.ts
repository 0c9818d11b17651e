import { Vocabulary, type ItemId, type UserId } from '@towerkit/core';

import type { OnBadRow } from './bad-row.js';
import { eachChunk, readable, withDuckDB, type DuckDbOptions } from './duckdb.js';
import { TowerkitError } from './errors.js';
import { formatOf } from './format.js';
import { IdEncoder } from './id-encoder.js';
import { readSequences } from './read-sequences.js';
import type { RecordFormat } from './source.js';
import { stage, type Field } from './stage.js';

/** What {@link readTargets} reads, and how. */
export interface ReadTargetsOptions extends RecordFormat, DuckDbOptions {
  readonly path: string;
  /** `rating` is read where it is named; a file of sequences has none. */
  readonly columns: { readonly user: string; readonly item: string; readonly rating?: string };
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
  /** Rating of each pair, shape [pairs]; absent where no column was named. */
  readonly rating?: Float32Array;
  /** Pairs whose user is not in `users`. */
  readonly unknownUsers: number;
  /** Pairs whose item is not in `items`. */
  readonly unknownItems: number;
  /** The names that are not known, each once, in file order. */
  readonly unknown: { readonly users: Vocabulary; readonly items: Vocabulary };
  /** Place of each pair's item in `unknown.items`, -1 for one that is known; shape [pairs]. */
  readonly unknownItem: Int32Array;
  /** Rows left out because they could not be used. */
  readonly skipped: number;
}

/**
 * Reads user and item pairs, perhaps with ratings, in the ids of vocabularies that exist already: a table, or a sequence file.
 *
 * @throws TowerkitError what {@link readInteractions} throws, such as `MISSING_COLUMN` with the columns found
 */
export async function readTargets(options: ReadTargetsOptions): Promise<Targets> {
  const { path, columns, onBadRow } = options;
  const pairs = new Pairs(options);
  if ((options.format ?? formatOf(path)) === 'sequences') {
    const read = await readSequences([path], [], onBadRow);
    read.user.forEach((user, row) => pairs.add(read.userNames[user], read.itemNames[read.item[row]]));
    return pairs.all(read.skipped);
  }
  return withDuckDB(options, async (connection) => {
    const fields: Field[] = [
      { role: 'user', column: columns.user, kind: 'id' },
      { role: 'item', column: columns.item, kind: 'id' },
    ];
    if (columns.rating !== undefined) fields.push({ role: 'rating', column: columns.rating, kind: 'number' });
    const { skipped } = await stage(connection, [path], options, fields, onBadRow);
    const rating = columns.rating === undefined ? '' : ', "rating"';
    await eachChunk(
      connection,
      `SELECT ${readable('"user"')}, ${readable('"item"')}${rating} FROM staged WHERE problem IS NULL ORDER BY rowid`,
      (chunk) => {
        const [users, items] = [chunk.getColumnVector(0), chunk.getColumnVector(1)];
        const ratings = columns.rating === undefined ? undefined : chunk.getColumnVector(2);
        for (let k = 0; k < chunk.rowCount; k++)
          pairs.add(
            users.getItem(k) as string,
            items.getItem(k) as string,
            ratings?.getItem(k) as number | undefined,
          );
      },
    );
    if (pairs.count === 0) throw new TowerkitError('EMPTY_DATA', `${path} has no row to use`);
    return pairs.all(skipped);
  });
}

/** Pairs as they are read, by what is known of their names. */
class Pairs {
  readonly #user: number[] = [];
  readonly #item: number[] = [];
  readonly #unknownItem: number[] = [];
  readonly #rating: number[] = [];
  readonly #users = new IdEncoder();
  readonly #items = new IdEncoder();

  constructor(readonly known: Pick<ReadTargetsOptions, 'users' | 'items' | 'columns'>) {}

  get count(): number {
    return this.#user.length;
  }

  add(userName: string, itemName: string, rating?: number): void {
    const user = this.known.users.indexOf(userName) ?? -1;
    const item = this.known.items.indexOf(itemName) ?? -1;
    if (user < 0) this.#users.idOf(userName);
    this.#user.push(user);
    this.#item.push(item);
    this.#unknownItem.push(item < 0 ? this.#items.idOf(itemName) : -1);
    if (rating !== undefined) this.#rating.push(rating);
  }

  all(skipped: number): Targets {
    const isUnknown = (id: number) => id < 0;
    return {
      user: Int32Array.from(this.#user),
      item: Int32Array.from(this.#item),
      ...(this.known.columns.rating !== undefined && { rating: Float32Array.from(this.#rating) }),
      unknownUsers: this.#user.filter(isUnknown).length,
      unknownItems: this.#item.filter(isUnknown).length,
      unknown: { users: new Vocabulary(this.#users.names), items: new Vocabulary(this.#items.names) },
      unknownItem: Int32Array.from(this.#unknownItem),
      skipped,
    };
  }
}
