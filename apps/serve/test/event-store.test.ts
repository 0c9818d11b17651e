import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import type { EventStore, NewEvent } from '../src/events/event-store.js';
import { openStore } from '../src/events/open-store.js';
import { postgresPrograms, startPostgres } from './setup/postgres.js';
import { scratch } from './setup/server.js';

interface Place {
  readonly place: string;
  readonly remove: () => Promise<void>;
}

const STORES: { name: string; here: boolean; start: () => Promise<Place> }[] = [
  {
    name: 'sqlite',
    here: true,
    start: async () => {
      const { folder, remove } = await scratch();
      return { place: join(folder, 'deep/events.db'), remove };
    },
  },
  {
    name: 'postgres',
    here: postgresPrograms !== undefined,
    start: async () => {
      const { url, stop } = await startPostgres();
      return { place: url, remove: stop };
    },
  },
];

describe.each(STORES)('$name', ({ name, here, start }) => {
  const it = here ? test : test.skip;
  let where: Place;
  let store: EventStore;
  beforeAll(async () => {
    if (!here) return;
    where = await start();
    store = await openStore(where.place);
  });
  afterAll(async () => {
    await store?.close();
    await where?.remove();
  });
  const event = (user: string, item: string, at: number, id: string = randomUUID()): NewEvent => ({
    id,
    user,
    item,
    at,
    type: 'view',
  });

  it('gives a user the last events, oldest first, those of one moment as they came', async () => {
    expect(store.kind).toBe(name);
    await store.append([event('a', 'third', 30), event('a', 'first', 10), event('b', 'other', 15)]);
    await store.append([event('a', 'second', 20), event('a', 'also second', 20)]);
    const items = async (limit: number) => (await store.history('a', limit)).map(({ item }) => item);
    expect(await items(10)).toEqual(['first', 'second', 'also second', 'third']);
    expect(await items(2)).toEqual(['also second', 'third']);
    expect(await store.history('b', 10)).toEqual([{ item: 'other', at: 15, type: 'view' }]);
    expect(await store.history('nobody', 10)).toEqual([]);
  });

  it('keeps an id once, within a request and across requests', async () => {
    const twice = event('c', 'x', 1, 'same');
    expect(await store.append([twice, twice])).toBe(1);
    expect(await store.append([twice, event('c', 'y', 2)])).toBe(1);
    expect((await store.history('c', 10)).map(({ item }) => item)).toEqual(['x', 'y']);
  });

  it('keeps all of a request or nothing', async () => {
    const bad = { ...event('d', 'y', 2), at: Number.NaN };
    await expect(store.append([event('d', 'x', 1), bad])).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    expect(await store.history('d', 10)).toEqual([]);
    expect(await store.append([event('d', 'z', 3)])).toBe(1); // and goes on
  });

  it('takes many appends at once, each counted', async () => {
    const added = await Promise.all(
      Array.from({ length: 200 }, (_, place) => store.append([event('e', `item ${place}`, place)])),
    );
    expect(added).toEqual(new Array(200).fill(1));
    expect(await store.history('e', 1000)).toHaveLength(200);
  });

  it('shows what another opening of it appended, and keeps odd texts as they are', async () => {
    const other = await openStore(where.place);
    const odd = `Zoë's "42%"; DROP TABLE events -- \\ 🎮`;
    await other.append([event(odd, odd, 1)]);
    expect((await store.history(odd, 10)).map(({ item }) => item)).toEqual([odd]);
    await other.close();
  });

  it('has everything after it is opened again', async () => {
    await store.close();
    store = await openStore(where.place);
    await store.ping();
    expect(await store.history('e', 1000)).toHaveLength(200);
  });
});

test('a place that cannot be opened is named', async () => {
  const file = join(import.meta.dirname, 'event-store.test.ts');
  await expect(openStore(join(file, 'events.db'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await expect(openStore('postgres://127.0.0.1:1/none')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
});
