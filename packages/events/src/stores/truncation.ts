import type Database from 'libsql';

import { numberOf, openDatabase } from './sqlite-database.js';

/**
 * Whether a database file that is shorter than it was has lost pages. Pruning shortens files too, also from another
 * process: then all pages still lie within, or in the journal.
 *
 * @param size bytes of the file now
 */
export function wasCutShort(database: Database.Database, path: string, size: number): boolean {
  const page = numberOf(database, 'page_size');
  if (size < page) return true;
  if (size >= page * numberOf(database, 'page_count')) return false;
  // Through a connection of its own: the other one may hold the lost pages in memory.
  let check: Database.Database | undefined;
  try {
    check = openDatabase(path, false);
    const [{ quick_check: found }] = check.pragma('quick_check(1)') as { quick_check: string }[];
    return found !== 'ok';
  } catch {
    return true;
  } finally {
    check?.close();
  }
}
