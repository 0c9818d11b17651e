import type { EventStore } from './event-store.js';
import { SqliteStore } from './sqlite-store.js';
import type { StoreOptions } from './store-options.js';

/**
 * Opens the store of a place, and makes its tables where there are none; tables of an earlier version become today's.
 *
 * @param place a file, whose folder is made too, or `postgres://user@host:port/database`
 * @throws TowerkitError `STORE_UNAVAILABLE`, whose message names the place, without a password
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
export async function openStore(place: string, options: StoreOptions = {}): Promise<EventStore> {
  if (!/^postgres(ql)?:\/\//i.test(place)) return SqliteStore.open(place, options);
  const { PostgresStore } = await import('./postgres-store.js');
  return PostgresStore.open(place, options);
}
