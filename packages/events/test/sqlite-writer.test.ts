import { expect, test } from '@jest/globals';
import { join } from 'node:path';

import { openStore } from '../src/index.js';
import { SqliteStore } from '../src/stores/sqlite-store.js';
import { reopened, SqliteConnection } from '../src/stores/sqlite-connection.js';
import { scratch } from './setup/scratch.js';

const event = (id: string) => ({ id, user: 'u', item: id, at: 1, type: 'view' });

test('a thread that ends is replaced, and every event that was acknowledged is there once', async () => {
  const { folder, remove } = await scratch();
  const path = join(folder, 'events.db');
  const connections: SqliteConnection[] = [];
  const { open } = SqliteConnection;
  SqliteConnection.open = async (...given) => {
    const connection = await open.apply(SqliteConnection, given);
    connections.push(connection);
    return connection;
  };
  const store = await SqliteStore.open(path);
  const acknowledged: string[] = [];
  for (let round = 0; round < 5; round++) {
    const writes = Array.from({ length: 50 }, async (_, n) => {
      const id = `${round}-${n}`;
      await store.append([event(id)]);
      acknowledged.push(id);
    });
    await connections.at(-1)!.writer.terminate();
    await Promise.all(writes);
    await store.append([event(`after ${round}`)]);
    acknowledged.push(`after ${round}`);
    await store.ping();
  }
  SqliteConnection.open = open;
  expect(connections.length).toBeGreaterThan(5);
  await store.close();
  const kept = await openStore(path);
  expect((await kept.history('u', 1000)).map(({ item }) => item).sort()).toEqual(acknowledged.sort());
  await kept.close();
  await remove();
});

test('a thread that ends before it is at work is told, and nothing waits for it', async () => {
  const { folder, remove } = await scratch();
  const connection = await SqliteConnection.open(join(folder, 'events.db'), 0, true);
  await connection.writer.terminate();
  expect(connection.dead).toBe(true);
  await expect(connection.ask({ probe: true })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  const next = await reopened(connection);
  expect(await next!.ask({ probe: true })).toBe(true);
  await next!.close();
  await connection.close();
  await remove();
});
