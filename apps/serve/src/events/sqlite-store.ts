import { TowerkitError } from '@towerkit/core';
import Database from 'libsql';
import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import type { EventStore, KeptEvent, NewEvent } from './event-store.js';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    user TEXT NOT NULL,
    item TEXT NOT NULL,
    at INTEGER NOT NULL,
    type TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS events_of_user ON events (user, at, seq);
`;

interface Waiting {
  readonly events: readonly NewEvent[];
  resolve(added: number): void;
  reject(error: unknown): void;
}

/** Milliseconds to wait for another process that writes. */
const BUSY = 5000;

/**
 * Events in a file, by libSQL (SQLite). The journal is written ahead and flushed at every commit, so what was
 * acknowledged survives; appends that come together share a commit. Several processes of one machine may share the file.
 */
export class SqliteStore implements EventStore {
  readonly kind = 'sqlite';
  readonly #database: Database.Database;
  readonly #insert: Database.Statement;
  readonly #select: Database.Statement;
  #waiting: Waiting[] = [];
  #closed = false;

  /** @throws TowerkitError `STORE_UNAVAILABLE` */
  constructor(readonly path: string) {
    try {
      mkdirSync(dirname(resolve(path)), { recursive: true });
      this.#database = new Database(path, { timeout: BUSY });
      this.#database.pragma('journal_mode = WAL');
      this.#database.pragma('synchronous = FULL');
      this.#database.exec(SCHEMA);
      this.#insert = this.#database.prepare(
        'INSERT INTO events (id, user, item, at, type) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
      );
      this.#select = this.#database.prepare(
        'SELECT item, at, type FROM events WHERE user = ? ORDER BY at DESC, seq DESC LIMIT ?',
      );
    } catch (cause) {
      throw unavailable(path, cause);
    }
  }

  append(events: readonly NewEvent[]): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#commit());
      this.#waiting.push({ events, resolve, reject });
    });
  }

  async history(user: string, limit: number): Promise<KeptEvent[]> {
    try {
      return (this.#select.all(user, limit) as KeptEvent[]).reverse();
    } catch (cause) {
      throw unavailable(this.path, cause);
    }
  }

  async ping(): Promise<void> {
    await this.history('', 1);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#commit();
    this.#closed = true;
    this.#database.close();
  }

  #commit(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length === 0) return;
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const added: number[] = [];
      try {
        for (const { events } of batch)
          added.push(
            events.reduce(
              (sum, { id, user, item, at, type }) => sum + this.#insert.run(id, user, item, at, type).changes,
              0,
            ),
          );
        this.#database.exec('COMMIT');
      } catch (error) {
        if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
        throw error;
      }
      batch.forEach(({ resolve }, place) => resolve(added[place]));
    } catch (cause) {
      for (const { reject } of batch) reject(unavailable(this.path, cause));
    }
  }
}

const unavailable = (path: string, cause: unknown) =>
  new TowerkitError('STORE_UNAVAILABLE', `the events in ${path}: ${(cause as Error).message}`, {
    hint: 'look whether the file can be written and the disk has room',
    cause,
  });
