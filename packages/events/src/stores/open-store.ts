import type { EventStore } from './event-store.js';
import { SqliteStore } from './sqlite-store.js';

/**
 * Opens the store of a place, and makes its tables where there are none.
 *
 * @param place a file, whose folder is made too, or `postgres://user:password@host:port/database`
 * @throws TowerkitError `STORE_UNAVAILABLE`
 *
 * @example
 * ```ts
 * import { openStore } from '@towerkit/events';
 *
 * const store = await openStore('events.db');
 * await store.append([{ id: '1', user: 'ada', item: 'hat', type: 'view', at: Date.now() }]);
 * console.log(await store.history('ada', 10));
 * await store.close();
 * ```
 */
export async function openStore(place: string): Promise<EventStore> {
  if (!/^postgres(ql)?:\/\//.test(place)) return SqliteStore.open(place);
  const { PostgresStore } = await import('./postgres-store.js');
  return PostgresStore.open(place);
}
