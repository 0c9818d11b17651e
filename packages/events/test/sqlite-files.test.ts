import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'libsql';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { openStore, prune, type EventStore, type NewEvent } from '../src/index.js';
import { scratch } from './setup/scratch.js';

let folder: string;
let file: string;
let remove: () => Promise<void>;
let store: EventStore;
beforeEach(async () => {
  ({ folder, remove } = await scratch());
  file = join(folder, 'events.db');
  store = await openStore(file);
  await keep('first');
});
afterEach(async () => {
  await store.close();
  await remove();
});

const event = (item: string): NewEvent => ({ id: item, user: 'u', item, at: 1, type: 'view' });
const keep = (item: string) => store.append([event(item)]);
const items = async (from: EventStore = store) => (await from.history('u', 10_000)).map(({ item }) => item);
const failsBecause = async (reason: string) => {
  for (const work of [keep('lost'), store.ping(), store.record([]), prune({ store, events: 0 })])
    await expect(work).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', details: { reason, place: file } });
};
/** What somebody finds who opens the file later. */
const found = async () => {
  const other = await openStore(file);
  const kept = await items(other);
  await other.close();
  const check = new Database(file);
  expect(check.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  check.close();
  return kept;
};
/** A whole copy, as a backup makes it. */
const backUp = (to: string) => {
  const database = new Database(file);
  database.exec(`VACUUM INTO '${to}'`);
  database.close();
};

describe('a file of events', () => {
  test('that is removed is not written to, nor made anew; put back, it goes on', async () => {
    await rename(file, `${file}.away`);
    await failsBecause('missing');
    expect(existsSync(file)).toBe(false);
    expect(await items()).toContain('first'); // what it holds can still be read
    await rename(`${file}.away`, file);
    await keep('second');
    await store.ping();
    expect(await found()).toEqual(expect.arrayContaining(['first', 'second']));
  });

  test('that is removed with its folder is noticed', async () => {
    await rename(folder, `${folder}-away`);
    await failsBecause('missing');
    await rename(`${folder}-away`, folder);
    await keep('second');
    expect(await found()).toContain('second');
  });

  test('that a backup takes the place of is followed, and the old journal does not spoil the new file', async () => {
    backUp(join(folder, 'backup.db'));
    for (let n = 0; n < 300; n++) await keep(`since ${n}`);
    await rename(join(folder, 'backup.db'), file); // beside the -wal and -shm of the old one
    await keep('after');
    expect(await items()).toEqual(['first', 'after']);
    expect(await found()).toEqual(['first', 'after']);
    expect(await readdir(folder)).toEqual(expect.arrayContaining(['events.db-wal.set-aside']));
  });

  test('that a backup takes the place of with all journals removed is followed too', async () => {
    backUp(join(folder, 'backup.db'));
    await keep('since');
    for (const end of ['', '-wal', '-shm']) await rm(file + end);
    await failsBecause('missing');
    await copyFile(join(folder, 'backup.db'), file);
    await Promise.all([keep('after'), keep('also after')]);
    expect(await found()).toEqual(['first', 'after', 'also after']);
  });

  test('that something else takes the place of is not written to', async () => {
    await rm(file);
    await writeFile(file, 'no database at all'.repeat(1000));
    await expect(keep('lost')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await rm(file);
    await mkdir(file);
    await expect(keep('lost')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await rm(file, { recursive: true });
  });

  test('whose journal is removed loses nothing that was acknowledged', async () => {
    const kept = Array.from({ length: 100 }, (_, n) => `item ${n}`);
    for (const item of kept) await keep(item);
    await rm(`${file}-wal`);
    await rm(`${file}-shm`);
    await keep('after');
    expect(await found()).toEqual(['first', ...kept, 'after']);
  });

  test.each([0, 5000, 100_000])('that is cut to %d bytes is noticed', async (bytes) => {
    await store.append(Array.from({ length: 5000 }, (_, n) => event(`item ${n}`)));
    backUp(join(folder, 'backup.db'));
    const database = new Database(file);
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
    await store.ping();
    await truncate(file, bytes);
    await failsBecause('truncated');
    await rename(join(folder, 'backup.db'), file);
    await keep('after');
    expect(await found()).toHaveLength(5002);
  });

  test('that another process prunes and shortens is not taken for cut', async () => {
    await store.append(Array.from({ length: 20_000 }, (_, n) => event(`item ${n}`)));
    const other = await openStore(file);
    const work = prune({ store: other, events: 2 });
    for (let n = 0; n < 20; n++) await store.append([{ ...event(`later ${n}`), at: 5 }]);
    expect(await work).toEqual({ events: 20_001, impressions: 0 });
    await other.close();
    await store.append([{ ...event('last'), at: 6 }]);
    expect(await items()).toHaveLength(21);
  });
});
