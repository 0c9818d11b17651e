import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { appendFile, chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

import { openStore, WatchedStore, type EventStore } from '../src/index.js';
import { postgresPrograms, startPostgres, type TestPostgres } from './setup/postgres.js';
import { scratch } from './setup/scratch.js';

const PASSWORD = 'corr%ct h@rse:/';
const it = postgresPrograms ? test : test.skip;

describe('PostgreSQL', () => {
  let server: TestPostgres;
  let folder: string;
  let remove: () => Promise<void>;
  let address: string; // without a password
  const ask = async (...texts: string[]) => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    for (const text of texts) await client.query(text);
    await client.end();
  };
  beforeAll(async () => {
    if (!postgresPrograms) return;
    ({ folder, remove } = await scratch());
    server = await startPostgres();
    const rules = join(server.data, 'pg_hba.conf');
    await writeFile(rules, `host all asker 127.0.0.1/32 scram-sha-256\n${await readFile(rules, 'utf8')}`);
    await ask(`CREATE ROLE asker LOGIN PASSWORD '${PASSWORD}'`);
    await ask('CREATE DATABASE latin ENCODING LATIN1 LC_COLLATE "C" LC_CTYPE "C" TEMPLATE template0');
    await ask('GRANT CREATE ON SCHEMA public TO asker; SELECT pg_reload_conf()');
    address = server.url.replace('postgres@', 'asker@');
  });
  afterAll(async () => {
    await server?.stop();
    await remove?.();
  });
  afterEach(() => {
    delete process.env.PGPASSWORD;
    delete process.env.PGPASSFILE;
  });
  const works = async (work: Promise<EventStore>) => {
    const store = await work;
    await store.ping();
    await store.close();
    return store.place;
  };
  const withPassword = (password: string) => address.replace('@', `:${encodeURIComponent(password)}@`);

  it('takes its password from the address, a file, PGPASSWORD or PGPASSFILE, and never shows it', async () => {
    expect(await works(openStore(withPassword(PASSWORD)))).toBe(address);
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, `${PASSWORD}\n`);
    expect(await works(openStore(address, { passwordFile }))).toBe(address);
    expect(await works(openStore(withPassword('wrong'), { passwordFile }))).toBe(address);
    process.env.PGPASSWORD = PASSWORD;
    await works(openStore(address));
    delete process.env.PGPASSWORD;
    const passFile = join(folder, 'pgpass');
    await appendFile(passFile, `*:*:*:asker:${PASSWORD.replaceAll(':', '\\:')}\n`);
    await chmod(passFile, 0o600);
    process.env.PGPASSFILE = passFile;
    await works(openStore(address));
  });

  it('that refuses a password says so, without it', async () => {
    for (const [place, reason, passwordFile] of [
      [withPassword('wrong secret'), 'refused'],
      [`${address}?password=wrong%20secret`, 'refused'],
      [address, 'refused'],
      [withPassword('wrong secret').replace(/:\d+\//, ':1/'), 'unreachable'],
      ['postgres://asker:wrong secret@[bad/db', 'refused'],
      [`${withPassword('wrong secret')}?sslmode=require&sslrootcert=/none`, 'refused'],
      [address, 'refused', join(folder, 'none')],
      [address, 'refused', folder],
      [`${address}?sslmode=require&sslrootcert=/none`, 'refused', join(folder, 'none')],
    ] as const) {
      const error = await openStore(place, { passwordFile }).then(
        () => undefined,
        (caught: unknown) => caught as Error & { details: { reason: string }; cause?: unknown },
      );
      expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', details: { reason } });
      const all = JSON.stringify([error!.message, error!.stack, error, error!.cause ?? '']);
      expect(all).not.toMatch(/wrong(%20| )secret/);
    }
  });

  it('that goes down fails writes at once and comes back by itself', async () => {
    const store = new WatchedStore(await openStore(server.url));
    const event = { id: '1', user: 'down', item: 'x', at: 1, type: 'view' };
    await store.append([event]);
    await server.halt();
    const error = { code: 'STORE_UNAVAILABLE', message: expect.not.stringContaining('127.0.0.1') };
    for (let n = 0; n < 100; n++) await expect(store.append([event])).rejects.toMatchObject(error);
    await expect(store.history('down', 1)).rejects.toMatchObject(error);
    await expect(store.ping()).rejects.toMatchObject(error);
    await server.start();
    for (let attempt = 0; !(store.works('write') && store.works('read')); attempt++) {
      if (attempt > 100) throw new Error('it does not come back');
      await store.ping().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(await store.append([event, { ...event, id: '2' }])).toBe(1);
    await store.close();
  });

  it('that may only be read, lacks its tables, or has another encoding is told apart', async () => {
    const store = await openStore(server.url);
    const failsBecause = (reason: string) =>
      expect(store.ping()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', details: { reason } });
    await ask('ALTER DATABASE postgres SET default_transaction_read_only = on');
    const readOnly = await openStore(server.url);
    await expect(readOnly.ping()).rejects.toMatchObject({ details: { reason: 'read-only' } });
    await readOnly.close();
    await ask(
      'SET default_transaction_read_only = off',
      'ALTER DATABASE postgres RESET default_transaction_read_only',
    );
    await ask('ALTER TABLE towerkit_events RENAME TO elsewhere');
    await failsBecause('missing');
    await ask('ALTER TABLE elsewhere RENAME TO towerkit_events');
    await store.ping();
    await store.close();
    const latin = server.url.replace(/postgres$/, 'latin');
    await expect(openStore(latin)).rejects.toMatchObject({ details: { reason: 'refused' } });
  });

  it('a role that may use the tables need not be allowed to make them', async () => {
    await works(openStore(server.url));
    await ask('REVOKE CREATE ON SCHEMA public FROM asker, PUBLIC');
    await ask('GRANT ALL ON towerkit_events, towerkit_impressions, towerkit_meta TO asker');
    await works(openStore(withPassword(PASSWORD)));
  });

  it('two servers that write the same events in another order both succeed', async () => {
    const stores = await Promise.all([openStore(server.url), openStore(server.url)]);
    const events = Array.from({ length: 300 }, (_, n) => ({
      id: `${n}`,
      user: 'both',
      item: 'x',
      at: 1,
      type: 'view',
    }));
    for (let round = 0; round < 10; round++) {
      const here = events.map((event) => ({ ...event, id: `${round} ${event.id}` }));
      const added = await Promise.all([stores[0].append(here), stores[1].append(here.toReversed())]);
      expect(added[0] + added[1]).toBe(300);
    }
    await Promise.all(stores.map((store) => store.close()));
  });
});
