import pg from 'pg';

import { TowerkitError } from '../errors.js';
import type { Impression, ImpressionGroup, TimeRange, VotePage } from '../experiments/impression.js';
import type { EventStore, KeptEvent, NewEvent } from './event-store.js';
import { IMPRESSION_COLUMNS, IMPRESSION_FIELDS, pageOf, valuesOf, type VoteRow } from './impression-rows.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS towerkit_events (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    type TEXT NOT NULL
  );
  ALTER TABLE towerkit_events ADD COLUMN IF NOT EXISTS answer TEXT;
  CREATE INDEX IF NOT EXISTS towerkit_events_of_user ON towerkit_events (user_id, at, seq);
  CREATE INDEX IF NOT EXISTS towerkit_events_of_answers ON towerkit_events (seq) WHERE answer IS NOT NULL;
  CREATE TABLE IF NOT EXISTS towerkit_impressions (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    experiment TEXT NOT NULL,
    version TEXT NOT NULL,
    user_id TEXT,
    session_id TEXT,
    arms TEXT NOT NULL,
    items TEXT NOT NULL,
    teams TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS towerkit_impressions_of_arms ON towerkit_impressions (experiment, arms, at);
`;

const RECORD = `
  INSERT INTO towerkit_impressions (${IMPRESSION_COLUMNS})
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[])
  ON CONFLICT (id) DO NOTHING
`;

const GROUPS = `
  SELECT experiment, arms, COUNT(*) AS count FROM towerkit_impressions
  WHERE at >= $1 AND at < $2 GROUP BY experiment, arms ORDER BY experiment, arms
`;

const VOTES = `
  SELECT e.seq, e.item_id AS item, e.type, ${IMPRESSION_FIELDS}
  FROM (SELECT * FROM towerkit_events WHERE answer IS NOT NULL AND seq > $1 ORDER BY seq LIMIT $2) AS e
  LEFT JOIN towerkit_impressions AS i ON i.id = e.answer AND i.at >= $3 AND i.at < $4 ORDER BY e.seq
`;

/** Only one process makes the table. */
const LOCK = 7_362_915;

/** Milliseconds for a connection, and for a statement. */
const CONNECT = 5000;
const STATEMENT = 5000;

/** Events in PostgreSQL, for several server processes. A commit waits for the log on disk, as the server is set up. */
export class PostgresStore implements EventStore {
  readonly kind = 'postgres';

  private constructor(readonly pool: pg.Pool) {}

  /** @throws TowerkitError `STORE_UNAVAILABLE` */
  static async open(connectionString: string): Promise<PostgresStore> {
    const pool = new pg.Pool({
      connectionString,
      connectionTimeoutMillis: CONNECT,
      statement_timeout: STATEMENT,
      query_timeout: STATEMENT + 1000,
      keepAlive: true,
    });
    pool.on('error', () => undefined); // an idle connection was lost: the next query opens another
    try {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
        await client.query(SCHEMA);
        await client.query('COMMIT');
      } finally {
        client.release();
      }
    } catch (cause) {
      await pool.end();
      throw unavailable(cause);
    }
    return new PostgresStore(pool);
  }

  async append(events: readonly NewEvent[]): Promise<number> {
    const column = <K extends keyof NewEvent>(name: K) => events.map((event) => event[name]);
    const { rowCount } = await this.#query(
      `INSERT INTO towerkit_events (id, user_id, item_id, at, type, answer)
       SELECT id, user_id, item_id, at, type, answer
       FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[])
         WITH ORDINALITY AS given (id, user_id, item_id, at, type, answer, place)
       ORDER BY place
       ON CONFLICT (id) DO NOTHING`,
      [column('id'), column('user'), column('item'), column('at'), column('type'), column('answer')],
    );
    return rowCount ?? 0;
  }

  async record(impressions: readonly Impression[]): Promise<void> {
    const rows = impressions.map(valuesOf);
    const columns = IMPRESSION_COLUMNS.split(', ').map((_, place) => rows.map((row) => row[place]));
    await this.#query(RECORD, columns);
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
    const { rows } = await this.#query(
      {
        name: 'towerkit-history',
        text: `SELECT item_id, at, type FROM towerkit_events
          WHERE user_id = $1 AND ($3::text[] IS NULL OR type = ANY ($3)) ORDER BY at DESC, seq DESC LIMIT $2`,
      },
      [user, limit, kinds ?? null],
    );
    return rows
      .map(({ item_id, at, type }: Record<string, string>) => ({ item: item_id, at: Number(at), type }))
      .reverse();
  }

  async ping(): Promise<void> {
    await this.#query('SELECT 1', []);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  async #query(query: string | pg.QueryConfig, values: unknown[]): Promise<pg.QueryResult> {
    try {
      return await this.pool.query(query as pg.QueryConfig, values);
    } catch (cause) {
      throw unavailable(cause);
    }
  }
}

const unavailable = (cause: unknown) =>
  new TowerkitError('STORE_UNAVAILABLE', `PostgreSQL: ${(cause as Error).message || String(cause)}`, {
    hint: 'look whether it runs and the address, user and password are right',
    cause,
  });
