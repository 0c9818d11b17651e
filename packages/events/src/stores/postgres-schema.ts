import type pg from 'pg';

import { cannotOpen } from './store-errors.js';

/** Kept in `towerkit_meta`; databases of before there was one have none. */
const SCHEMA_VERSION = 1;

/** Only one process makes the tables. */
const LOCK = 7_362_915;

/**
 * An id counts once for a user; once for an answer where there is no user. The index holds digests, because three ids may
 * be longer together than an entry can be.
 */
const ONCE = `
  CREATE UNIQUE INDEX IF NOT EXISTS towerkit_events_once ON towerkit_events (
    user_id,
    sha256(replace(id, '\\', '\\\\')::bytea),
    sha256(replace(CASE WHEN user_id = '' THEN coalesce(answer, '') ELSE '' END, '\\', '\\\\')::bytea)
  );
`;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS towerkit_events (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    type TEXT NOT NULL
  );
  ALTER TABLE towerkit_events ADD COLUMN IF NOT EXISTS answer TEXT;
  ALTER TABLE towerkit_events DROP CONSTRAINT IF EXISTS towerkit_events_id_key;
  ${ONCE}
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
  CREATE INDEX IF NOT EXISTS towerkit_impressions_of_time ON towerkit_impressions (at);
  CREATE TABLE IF NOT EXISTS towerkit_meta (key TEXT PRIMARY KEY, value BIGINT NOT NULL);
  INSERT INTO towerkit_meta (key, value) VALUES ('schema', ${SCHEMA_VERSION}), ('probe', 0)
    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value;
`;

/**
 * Makes the tables, or of those of an earlier version today's. A role without the right to make tables may use those that
 * are there.
 *
 * @param create whether tables are made where there are none
 * @throws TowerkitError `STORE_UNAVAILABLE`, and what PostgreSQL throws
 */
export async function makeTables(client: pg.Client, place: string, create: boolean): Promise<void> {
  const { rows: encodings } = await client.query<{ server_encoding: string }>('SHOW server_encoding');
  const [{ server_encoding: encoding }] = encodings;
  if (encoding !== 'UTF8')
    throw cannotOpen({ reason: 'refused', said: `its encoding is ${encoding}, not UTF8` }, place);
  const version = await versionOf(client);
  if (version > SCHEMA_VERSION) throw cannotOpen({ reason: 'newer', said: '' }, place);
  if (version === SCHEMA_VERSION) return;
  if (!create && !(await hasTable(client, 'towerkit_events')))
    throw cannotOpen({ reason: 'missing', said: 'it holds no events' }, place);
  await client.query('BEGIN');
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
  if ((await versionOf(client)) < SCHEMA_VERSION) await client.query(SCHEMA);
  await client.query('COMMIT');
}

async function versionOf(client: pg.Client): Promise<number> {
  if (!(await hasTable(client, 'towerkit_meta'))) return 0;
  const { rows } = await client.query<{ value: string }>(
    "SELECT value FROM towerkit_meta WHERE key = 'schema'",
  );
  return Number(rows[0]?.value ?? 0);
}

async function hasTable(client: pg.Client, name: string): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>('SELECT to_regclass($1) IS NOT NULL AS found', [
    name,
  ]);
  return rows[0].found;
}
