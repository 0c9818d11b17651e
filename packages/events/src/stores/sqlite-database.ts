import Database from 'libsql';

import { TowerkitError } from '../errors.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    user TEXT NOT NULL,
    item TEXT NOT NULL,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    answer TEXT
  );
  CREATE INDEX IF NOT EXISTS events_of_user ON events (user, at, seq);
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
`;

/** Of events that name an answer; a table of an earlier version lacks the column. */
const ADD_ANSWER = 'ALTER TABLE events ADD COLUMN answer TEXT';
const INDEX_ANSWERS = 'CREATE INDEX IF NOT EXISTS events_of_answers ON events (seq) WHERE answer IS NOT NULL';

/** Milliseconds to wait for another process that writes. */
const BUSY = 5000;

/** Opens the file, made with its table where there is none: the journal is written ahead and flushed at every commit. */
export function openDatabase(path: string): Database.Database {
  const database = new Database(path, { timeout: BUSY });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('BEGIN IMMEDIATE'); // another process may be opening it
  database.exec(SCHEMA);
  const columns = database.pragma('table_info(events)') as { name: string }[];
  if (!columns.some(({ name }) => name === 'answer')) database.exec(ADD_ANSWER);
  database.exec(INDEX_ANSWERS);
  database.exec('COMMIT');
  return database;
}

export const storeUnavailable = (path: string, reason: string, cause?: unknown) =>
  new TowerkitError('STORE_UNAVAILABLE', `the events in ${path}: ${reason}`, {
    hint: 'look whether the file can be written and the disk has room',
    cause,
  });
