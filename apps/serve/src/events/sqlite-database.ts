import { TowerkitError } from '@towerkit/core';
import Database from 'libsql';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    user TEXT NOT NULL,
    item TEXT NOT NULL,
    at INTEGER NOT NULL,
    type TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS events_of_user ON events (user, at, seq);
`;

/** Milliseconds to wait for another process that writes. */
const BUSY = 5000;

/** Opens the file, made with its table where there is none: the journal is written ahead and flushed at every commit. */
export function openDatabase(path: string): Database.Database {
  const database = new Database(path, { timeout: BUSY });
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(SCHEMA);
  return database;
}

export const storeUnavailable = (path: string, reason: string, cause?: unknown) =>
  new TowerkitError('STORE_UNAVAILABLE', `the events in ${path}: ${reason}`, {
    hint: 'look whether the file can be written and the disk has room',
    cause,
  });
