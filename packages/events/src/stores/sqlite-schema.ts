import type Database from 'libsql';

/** Kept as `user_version`; files of before there was one have 0. */
export const SCHEMA_VERSION = 1;

const EVENTS = `
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    user TEXT NOT NULL,
    item TEXT NOT NULL,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    answer TEXT
  );
`;

/** An id counts once for a user; once for an answer where there is no user. */
const REST = `
  CREATE UNIQUE INDEX events_once
    ON events (user, id, CASE WHEN user = '' THEN coalesce(answer, '') ELSE '' END);
  CREATE INDEX events_of_user ON events (user, at, seq, type);
  CREATE INDEX events_of_answers ON events (seq) WHERE answer IS NOT NULL;
  CREATE TABLE IF NOT EXISTS impressions (
    id TEXT NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    experiment TEXT NOT NULL,
    version TEXT NOT NULL,
    user_id TEXT,
    session_id TEXT,
    arms TEXT NOT NULL,
    items TEXT NOT NULL,
    teams TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS impressions_of_arms ON impressions (experiment, arms, at);
  CREATE INDEX IF NOT EXISTS impressions_of_time ON impressions (at);
  CREATE TABLE probe (only_row INTEGER PRIMARY KEY CHECK (only_row = 0), at INTEGER NOT NULL, room BLOB);
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Makes the tables, or of those of an earlier version today's, within the caller's transaction. @returns what it did */
export function makeTables(database: Database.Database): 'made' | 'migrated' | 'nothing' {
  if (versionOf(database) >= SCHEMA_VERSION) return 'nothing';
  if (!hasEvents(database)) {
    database.exec(EVENTS + REST);
    return 'made';
  }
  // Ids were unique among all users. A constraint of a table goes only with the table.
  const columns = database.pragma('table_info(events)') as { name: string }[];
  const answer = columns.some(({ name }) => name === 'answer') ? 'answer' : 'NULL';
  database.exec(`
    DROP INDEX IF EXISTS events_of_user;
    DROP INDEX IF EXISTS events_of_answers;
    ALTER TABLE events RENAME TO events_before;
    ${EVENTS}
    INSERT INTO events (seq, id, user, item, at, type, answer)
      SELECT seq, id, user, item, at, type, ${answer} FROM events_before ORDER BY seq;
    DROP TABLE events_before;
    ${REST}
  `);
  return 'migrated';
}

/** The version of the tables in a file; 0 for none. */
export const versionOf = (database: Database.Database): number =>
  (database.pragma('user_version') as { user_version: number }[])[0].user_version;

/** Whether a file holds events. */
export const hasEvents = (database: Database.Database): boolean =>
  database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'events'").all().length > 0;
