import pg from 'pg';

import { isTowerkitError } from '@towerkit/core';
import type { Impression, ImpressionGroup, TimeRange, VotePage } from '../experiments/impression.js';
import type { EventStore, KeptEvent, NewEvent, PrunedStep, PruneStep } from './event-store.js';
import { IMPRESSION_COLUMNS, pageOf, valuesOf, type VoteRow } from './impression-rows.js';
import { addressOf, type PostgresAddress } from './postgres-address.js';
import { failureOf, isDeadlock } from './postgres-errors.js';
import { prunePostgres } from './postgres-prune.js';
import { makeTables } from './postgres-schema.js';
import { APPEND, GROUPS, HISTORY, PROBE, RECORD, SIZE, USERS, VOTES } from './postgres-statements.js';
import { HISTORY_SCAN, type StoreOptions } from './store-options.js';
import { cannotOpen, storeFull, unavailable } from './store-errors.js';
import { checkEvents, checkImpressions } from './values.js';

/** Milliseconds for a connection, and for a statement. */
const CONNECT = 5000;
const STATEMENT = 5000;

/** Times that a write is tried which another one crosses. */
const ATTEMPTS = 5;

/** Milliseconds that the size of the tables is taken to be what it was. */
const SIZE_HOLDS = 5000;

/** Events in PostgreSQL, for several server processes. A commit waits for the log on disk, as the server is set up. */
export class PostgresStore implements EventStore {
  readonly kind = 'postgres';
  readonly place: string;
  #full = { until: 0, is: false };

  private constructor(
    readonly pool: pg.Pool,
    readonly address: PostgresAddress,
    readonly limit: number,
  ) {
    this.place = address.place;
    pool.on('error', () => undefined); // an idle connection was lost: the next query opens another
  }

  /** @throws TowerkitError `STORE_UNAVAILABLE` */
  static async open(
    connectionString: string,
    { limit = 0, create = true, passwordFile }: StoreOptions = {},
  ): Promise<PostgresStore> {
    const address = addressOf(connectionString, passwordFile);
    let config: pg.ClientConfig;
    let client: pg.Client | undefined;
    try {
      config = { ...address.config(), connectionTimeoutMillis: CONNECT, keepAlive: true };
      client = new pg.Client(config); // apart: to change tables may take longer than a statement may later on
      client.on('error', () => undefined); // what was asked fails, too
      await client.connect();
      await makeTables(client, address.place, create);
    } catch (error) {
      if (isTowerkitError(error)) throw error;
      throw cannotOpen(failureOf(error, address.secrets), address.place);
    } finally {
      await client?.end().catch(() => undefined);
    }
    const timeouts = { statement_timeout: STATEMENT, query_timeout: STATEMENT + 1000 };
    return new PostgresStore(new pg.Pool({ ...config, ...timeouts }), address, limit);
  }

  async append(events: readonly NewEvent[]): Promise<number> {
    checkEvents(events);
    await this.#checkSize();
    const column = <K extends keyof NewEvent>(name: K) => events.map((event) => event[name]);
    const { rowCount } = await this.#query(APPEND, [
      column('id'),
      column('user'),
      column('item'),
      column('at'),
      column('type'),
      column('answer'),
    ]);
    return rowCount ?? 0;
  }

  async record(impressions: readonly Impression[]): Promise<void> {
    checkImpressions(impressions);
    await this.#checkSize();
    const rows = impressions.map(valuesOf);
    const columns = IMPRESSION_COLUMNS.split(', ').map((_, place) => rows.map((row) => row[place]));
    await this.#query(RECORD, columns);
  }

  async users(after: string, limit: number): Promise<string[]> {
    const { rows } = await this.#query(USERS, [after, limit]);
    return rows.map(({ user_id }: Record<string, string>) => user_id);
  }

  async impressions({ since, until }: TimeRange): Promise<ImpressionGroup[]> {
    const { rows } = await this.#query(GROUPS, [since, until]);
    return rows.map(({ experiment, arms, count }: Record<string, string>) => ({
      experiment,
      arms: JSON.parse(arms) as string[],
      count: Number(count),
    }));
  }

  async votes({ since, until }: TimeRange, after: number, limit: number): Promise<VotePage> {
    const { rows } = await this.#query(VOTES, [after, limit, since, until]);
    return pageOf(rows as VoteRow[], limit);
  }

  async history(user: string, limit: number, kinds?: readonly string[]): Promise<KeptEvent[]> {
    const query = { name: 'towerkit-history', text: HISTORY };
    const { rows } = await this.#query(query, [user, limit, kinds ?? null, HISTORY_SCAN]);
    return rows
      .map(({ item_id, at, type }: Record<string, string>) => ({ item: item_id, at: Number(at), type }))
      .reverse();
  }

  async ping(): Promise<void> {
    await this.#query(PROBE, [Date.now()]);
    await this.history('', 1);
  }

  pruneStep(step: PruneStep): Promise<PrunedStep> {
    return prunePostgres(async (text, values) => await this.#query(text, values), step);
  }

  /** PostgreSQL's own vacuum keeps the room for rows to come. */
  async reclaim(): Promise<boolean> {
    return false;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  async #query(query: string | pg.QueryConfig, values: unknown[]): Promise<pg.QueryResult> {
    for (let attempt = 1; ; attempt++)
      try {
        return await this.pool.query(query as pg.QueryConfig, values);
      } catch (error) {
        if (isDeadlock(error) && attempt < ATTEMPTS) continue;
        throw unavailable(failureOf(error, this.address.secrets), this.place);
      }
  }

  async #checkSize(): Promise<void> {
    if (this.limit === 0) return;
    if (Date.now() >= this.#full.until) {
      const { rows } = await this.#query(SIZE, []);
      const is = Number((rows as { bytes: string }[])[0].bytes) >= this.limit;
      this.#full = { until: Date.now() + SIZE_HOLDS, is };
    }
    if (this.#full.is) throw storeFull(this.limit, this.place);
  }
}
