import type Database from 'libsql';

import { isTowerkitError } from '@towerkit/core';
import type { Impression, ImpressionGroup, TimeRange, VotePage } from '../experiments/impression.js';
import type { EventStore, KeptEvent, NewEvent, PrunedStep, PruneStep } from './event-store.js';
import { IMPRESSION_FIELDS, pageOf, type VoteRow } from './impression-rows.js';
import { reopened, SqliteConnection } from './sqlite-connection.js';
import { HISTORY_SCAN, type StoreOptions } from './store-options.js';
import type { StoreFaultReason } from './store-errors.js';
import { checkEvents, checkImpressions } from './values.js';

/** What another file in the place can mend. */
const GONE: ReadonlySet<StoreFaultReason> = new Set(['missing', 'replaced', 'truncated']);

/**
 * Events in a file, by libSQL (SQLite). A thread of its own writes and waits for the disk; appends that come meanwhile
 * share the next commit. Reads need not wait for it. Several processes of one machine may share the file.
 *
 * A file that is removed is not made anew: what is written fails until it is back. Another one that is put in its place
 * takes over with the next write, and so does another thread for one that ended.
 */
export class SqliteStore implements EventStore {
  readonly kind = 'sqlite';
  #connection: SqliteConnection;
  #statements: ReturnType<typeof statementsOf>;
  #reopening: Promise<void> | undefined;

  private constructor(
    readonly place: string,
    connection: SqliteConnection,
  ) {
    this.#connection = connection;
    this.#statements = statementsOf(connection.reader);
  }

  /** @throws TowerkitError `STORE_UNAVAILABLE` */
  static async open(path: string, { limit = 0, create = true }: StoreOptions = {}): Promise<SqliteStore> {
    return new SqliteStore(path, await SqliteConnection.open(path, limit, create));
  }

  async append(events: readonly NewEvent[]): Promise<number> {
    checkEvents(events);
    return this.#write((connection) => connection.append({ events, impressions: [] }));
  }

  async record(impressions: readonly Impression[]): Promise<void> {
    checkImpressions(impressions);
    await this.#write((connection) => connection.append({ events: [], impressions }));
  }

  async history(user: string, limit: number, kinds?: readonly string[]): Promise<KeptEvent[]> {
    const any = kinds === undefined ? 1 : 0;
    const values = [user, HISTORY_SCAN, any, JSON.stringify(kinds ?? []), limit];
    return this.#connection
      .read<KeptEvent>(this.#statements.history, ...values)
      .map(({ item, at, type }) => ({ item, at, type }))
      .reverse();
  }

  async users(after: string, limit: number): Promise<string[]> {
    const found = this.#connection.read<{ user: string }>(this.#statements.users, after, limit);
    return found.map(({ user }) => user);
  }

  async impressions({ since, until }: TimeRange): Promise<ImpressionGroup[]> {
    return this.#connection
      .read<{ experiment: string; arms: string; count: number }>(this.#statements.impressions, since, until)
      .map(({ experiment, arms, count }) => ({ experiment, arms: JSON.parse(arms) as string[], count }));
  }

  async votes({ since, until }: TimeRange, after: number, limit: number): Promise<VotePage> {
    return pageOf(this.#connection.read<VoteRow>(this.#statements.votes, after, limit, since, until), limit);
  }

  async ping(): Promise<void> {
    await this.#write((connection) => connection.ask({ probe: true }));
    await this.history('', 1);
  }

  pruneStep(prune: PruneStep): Promise<PrunedStep> {
    return this.#write((connection) => connection.ask<PrunedStep>({ prune }));
  }

  reclaim(): Promise<boolean> {
    return this.#write((connection) => connection.ask<boolean>({ reclaim: true }));
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  async #write<T>(work: (connection: SqliteConnection) => Promise<T>): Promise<T> {
    const connection = this.#connection;
    try {
      return await work(connection);
    } catch (error) {
      const gone = isTowerkitError(error) && GONE.has(error.details.reason as StoreFaultReason);
      if (!(gone || connection.dead) || !(await this.#reopen(connection))) throw error;
      return work(this.#connection); // nothing of the first attempt was acknowledged
    }
  }

  /** Whether another connection has taken the place of one whose files went or whose thread ended. */
  async #reopen(before: SqliteConnection): Promise<boolean> {
    await (this.#reopening ??= this.#replace(before).finally(() => (this.#reopening = undefined)));
    return this.#connection !== before;
  }

  async #replace(before: SqliteConnection): Promise<void> {
    if (this.#connection !== before) return; // somebody did already
    const connection = await reopened(before);
    if (!connection) return;
    this.#statements = statementsOf(connection.reader);
    this.#connection = connection;
    await before.close();
  }
}

const statementsOf = (reader: Database.Database) => ({
  history: reader.prepare(
    `SELECT item, at, type FROM events
     WHERE seq IN (
       SELECT seq FROM (SELECT seq, at, type FROM events WHERE user = ? ORDER BY at DESC, seq DESC LIMIT ?)
       WHERE ? OR type IN (SELECT value FROM json_each(?)) ORDER BY at DESC, seq DESC LIMIT ?
     ) ORDER BY at DESC, seq DESC`,
  ),
  // From one user to the next along the index, past all events between.
  users: reader.prepare(
    `WITH RECURSIVE each(user) AS (
       SELECT min(user) FROM events WHERE user > ?
       UNION ALL
       SELECT (SELECT min(user) FROM events WHERE user > each.user) FROM each WHERE each.user IS NOT NULL
     ) SELECT user FROM each WHERE user IS NOT NULL LIMIT ?`,
  ),
  impressions: reader.prepare(
    `SELECT experiment, arms, COUNT(*) AS count FROM impressions
     WHERE at >= ? AND at < ? GROUP BY experiment, arms ORDER BY experiment, arms`,
  ),
  votes: reader.prepare(
    `SELECT e.seq, e.item, e.type, ${IMPRESSION_FIELDS}
     FROM (SELECT * FROM events WHERE answer IS NOT NULL AND seq > ? ORDER BY seq LIMIT ?) AS e
     LEFT JOIN impressions AS i ON i.id = e.answer AND i.at >= ? AND i.at < ? ORDER BY e.seq`,
  ),
});
