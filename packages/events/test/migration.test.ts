import { expect, test } from '@jest/globals';
import Database from 'libsql';
import { join } from 'node:path';
import pg from 'pg';

import { openStore, type EventStore, type NewEvent } from '../src/index.js';
import { postgresPrograms, startPostgres } from './setup/postgres.js';
import { scratch } from './setup/scratch.js';

/** The tables as they were made while an id was unique among all users. */
const SQLITE_BEFORE = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE events (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, user TEXT NOT NULL, item TEXT NOT NULL,
    at INTEGER NOT NULL, type TEXT NOT NULL, answer TEXT);
  CREATE INDEX events_of_user ON events (user, at, seq);
  CREATE INDEX events_of_answers ON events (seq) WHERE answer IS NOT NULL;
  CREATE TABLE impressions (id TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL, experiment TEXT NOT NULL,
    version TEXT NOT NULL, user_id TEXT, session_id TEXT, arms TEXT NOT NULL, items TEXT NOT NULL, teams TEXT NOT NULL);
  CREATE INDEX impressions_of_arms ON impressions (experiment, arms, at);
`;
const POSTGRES_BEFORE = `
  CREATE TABLE towerkit_events (seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL, item_id TEXT NOT NULL, at BIGINT NOT NULL, type TEXT NOT NULL);
  ALTER TABLE towerkit_events ADD COLUMN IF NOT EXISTS answer TEXT;
  CREATE INDEX towerkit_events_of_user ON towerkit_events (user_id, at, seq);
  CREATE INDEX towerkit_events_of_answers ON towerkit_events (seq) WHERE answer IS NOT NULL;
  CREATE TABLE towerkit_impressions (id TEXT PRIMARY KEY, at BIGINT NOT NULL, experiment TEXT NOT NULL,
    version TEXT NOT NULL, user_id TEXT, session_id TEXT, arms TEXT NOT NULL, items TEXT NOT NULL, teams TEXT NOT NULL);
  CREATE INDEX towerkit_impressions_of_arms ON towerkit_impressions (experiment, arms, at);
`;
const ROWS = 3000;
/** Long ids of an earlier version too: user and id together are more than an entry of an index can be. */
const long = (letter: string) => letter.repeat(512);
const before: NewEvent[] = [
  ...Array.from({ length: ROWS }, (_, n) => ({
    id: `e${n}`,
    user: `u${n % 7}`,
    item: `i${n}`,
    at: 1000 + (n % 50),
    type: n % 3 === 0 ? 'hide' : 'view',
    ...(n % 10 === 0 && { answer: 'shown' }),
  })),
  { id: long('漢'), user: long('字'), item: long('🎮'.slice(0, 2)), at: 1, type: 'view' },
];

/** What must be there after a store of before is opened, by two processes at once as well. */
async function check(open: () => Promise<EventStore>): Promise<void> {
  const [store, other] = await Promise.all([open(), open()]);
  for (let user = 0; user < 7; user++) {
    const wanted = before
      .filter((event) => event.user === `u${user}`)
      .toSorted((a, b) => a.at - b.at)
      .map(({ item, at, type }) => ({ item, at, type }));
    expect(await store.history(`u${user}`, ROWS)).toEqual(wanted);
  }
  expect(await store.history(long('字'), 1)).toHaveLength(1);
  const range = { since: 0, until: 10_000 };
  expect(await store.impressions(range)).toEqual([{ experiment: 'split', arms: ['a'], count: 1 }]);
  expect((await store.votes(range, 0, ROWS)).votes).toHaveLength(ROWS / 10);
  // What was sent then and is sent again still counts once; the same id of somebody else counts.
  expect(await other.append(before.slice(0, 100))).toBe(0);
  expect(await other.append(before.slice(-1))).toBe(0);
  expect(await store.append([{ ...before[0], user: 'somebody else' }])).toBe(1);
  expect((await store.history('u0', 1))[0]).toEqual(
    before
      .filter(({ user }) => user === 'u0')
      .toSorted((a, b) => a.at - b.at)
      .map(({ item, at, type }) => ({ item, at, type }))
      .at(-1),
  );
  await Promise.all([store.close(), other.close()]);
}

test('a file of before ids were of a user keeps all it holds', async () => {
  const { folder, remove } = await scratch();
  const file = join(folder, 'old.db');
  const old = new Database(file);
  old.exec(SQLITE_BEFORE);
  const insert = old.prepare(
    'INSERT INTO events (id, user, item, at, type, answer) VALUES (?, ?, ?, ?, ?, ?)',
  );
  old.exec('BEGIN');
  for (const { id, user, item, at, type, answer = null } of before)
    insert.run(id, user, item, at, type, answer);
  old.exec(
    `INSERT INTO impressions VALUES ('shown', 5000, 'split', '1', 'u0', NULL, '["a"]', '["i0"]', '[0]')`,
  );
  old.exec('COMMIT');
  old.close();
  await check(() => openStore(file));
  const now = new Database(file);
  expect(now.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  now.close();
  await remove();
});

(postgresPrograms ? test : test.skip)('so do tables in PostgreSQL', async () => {
  const { url, stop } = await startPostgres();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(POSTGRES_BEFORE);
  const column = (name: keyof NewEvent) => before.map((event) => event[name] ?? null);
  await client.query(
    `INSERT INTO towerkit_events (id, user_id, item_id, at, type, answer)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[])`,
    [column('id'), column('user'), column('item'), column('at'), column('type'), column('answer')],
  );
  await client.query(
    `INSERT INTO towerkit_impressions VALUES ('shown', 5000, 'split', '1', 'u0', NULL, '["a"]', '["i0"]', '[0]')`,
  );
  await client.end();
  await check(() => openStore(url));
  await stop();
});

test('a file of a newer version is left alone', async () => {
  const { folder, remove } = await scratch();
  const file = join(folder, 'new.db');
  const newer = new Database(file);
  newer.exec('CREATE TABLE events (seq INTEGER PRIMARY KEY); PRAGMA user_version = 99');
  newer.close();
  await expect(openStore(file)).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
    details: { reason: 'newer' },
  });
  await remove();
});
