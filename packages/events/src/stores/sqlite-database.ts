import Database from 'libsql';

import { isTowerkitError } from '@towerkit/core';
import { hasEvents, makeTables, SCHEMA_VERSION, versionOf } from './sqlite-schema.js';
import { cannotOpen, type StoreFailure, type StoreFaultReason } from './store-errors.js';

/** Milliseconds to wait for another process that writes. */
const BUSY = 5000;

/**
 * Opens the file: the journal is written ahead and flushed at every commit.
 *
 * @param create whether the file and its tables are made where there are none
 * @throws TowerkitError `STORE_UNAVAILABLE`
 */
export function openDatabase(path: string, create = true): Database.Database {
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { timeout: BUSY });
    if (!create && !hasEvents(database))
      throw cannotOpen({ reason: 'missing', said: 'it holds no events' }, path);
    if (versionOf(database) > SCHEMA_VERSION) throw cannotOpen({ reason: 'newer', said: '' }, path);
    database.pragma('auto_vacuum = INCREMENTAL'); // of a new file only: pruning can then give room back
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    if (inTransaction(database, makeTables) === 'migrated') compact(database);
    return database;
  } catch (cause) {
    database?.close();
    throw isTowerkitError(cause) ? cause : cannotOpen(failureOf(cause), path, cause);
  }
}

/** The value of a pragma that is one number, such as `page_size`. */
export const numberOf = (database: Database.Database, pragma: string): number =>
  Object.values((database.pragma(pragma) as Record<string, number>[])[0])[0];

/** Does all of something or nothing, with nobody else writing meanwhile. */
export function inTransaction<T>(database: Database.Database, work: (database: Database.Database) => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work(database);
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // An error may have ended it: then there is nothing to take back.
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Lets a file of an earlier version give room back, which only a whole rewrite can: left as it is where that fails. */
function compact(database: Database.Database): void {
  try {
    database.exec('VACUUM');
  } catch {
    // Somebody else has it open, or there is no room for a copy. It works as it is.
  }
}

/** By the low byte of SQLite's result code. */
const REASON: Readonly<Record<number, StoreFaultReason>> = {
  3: 'read-only',
  5: 'locked',
  6: 'locked',
  8: 'read-only',
  11: 'damaged',
  13: 'full',
  14: 'read-only',
  26: 'damaged',
};

/** What an error of libSQL means. */
export function failureOf(error: unknown): StoreFailure {
  const { message = String(error), rawCode } = (error ?? {}) as { message?: string; rawCode?: number };
  // A connection that cannot be made says its code at the end of a text.
  const [, atTheEnd] = /: (\d+)"?\)?$/.exec(message) ?? [];
  const code = rawCode ?? Number(atTheEnd ?? 1);
  const reason = /no such table/.test(message) ? 'missing' : (REASON[code & 0xff] ?? 'failing');
  return { reason, said: message };
}
