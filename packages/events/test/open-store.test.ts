import { expect, test } from '@jest/globals';
import Database from 'libsql';
import { join } from 'node:path';

import { openStore } from '../src/index.js';
import { scratch } from './setup/scratch.js';

test('a file of before there were answers gets the column, and keeps its events', async () => {
  const { folder, remove } = await scratch();
  const file = join(folder, 'old.db');
  const old = new Database(file);
  old.exec(`
    CREATE TABLE events (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, user TEXT NOT NULL, item TEXT NOT NULL,
      at INTEGER NOT NULL, type TEXT NOT NULL);
    INSERT INTO events (id, user, item, at, type) VALUES ('e', 'u', 'x', 1, 'view');
  `);
  old.close();
  const [store, other] = await Promise.all([openStore(file), openStore(file)]);
  expect(await store.history('u', 10)).toEqual([{ item: 'x', at: 1, type: 'view' }]);
  expect(await other.append([{ id: 'f', user: 'u', item: 'y', at: 2, type: 'click', answer: 'shown' }])).toBe(
    1,
  );
  expect(await store.history('u', 10)).toHaveLength(2);
  await Promise.all([store.close(), other.close()]);
  await remove();
});

test('a place that cannot be opened is named', async () => {
  const file = join(import.meta.dirname, 'open-store.test.ts');
  await expect(openStore(join(file, 'events.db'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await expect(openStore('postgres://127.0.0.1:1/none')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
});
