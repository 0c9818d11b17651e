import type { EventStore } from './event-store.js';
import { SqliteStore } from './sqlite-store.js';

/**
 * The store of a place: a file, or `postgres://...`.
 *
 * @throws TowerkitError `STORE_UNAVAILABLE`
 */
export async function openStore(place: string): Promise<EventStore> {
  if (!/^postgres(ql)?:\/\//.test(place)) return SqliteStore.open(place);
  const { PostgresStore } = await import('./postgres-store.js');
  return PostgresStore.open(place);
}
