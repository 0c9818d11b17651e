import type Database from 'libsql';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import type { EventStore, KeptEvent, NewEvent } from './event-store.js';
import { openDatabase, storeUnavailable } from './sqlite-database.js';
import type { WriteReply, WriteRequest } from './sqlite-writer.js';

interface Append {
  readonly events: readonly NewEvent[];
  resolve(added: number): void;
  reject(error: unknown): void;
}

/**
 * Events in a file, by libSQL (SQLite). A thread of its own writes and waits for the disk; appends that come meanwhile
 * share the next commit. Reads need not wait for it. Several processes of one machine may share the file.
 */
export class SqliteStore implements EventStore {
  readonly kind = 'sqlite';
  readonly #select: Database.Statement;
  #waiting: Append[] = [];
  #writing: Append[] = [];
  #dead: string | undefined;
  #idle: (() => void) | undefined;

  private constructor(
    readonly path: string,
    readonly reader: Database.Database,
    readonly writer: Worker,
  ) {
    this.#select = reader.prepare(
      'SELECT item, at, type FROM events WHERE user = ? ORDER BY at DESC, seq DESC LIMIT ?',
    );
    writer.on('message', (reply: WriteReply) => this.#receive(reply));
    writer.on('error', (error: Error) => this.#die(error.message));
    writer.on('exit', () => this.#die('the thread that writes has ended'));
  }

  /** @throws TowerkitError `STORE_UNAVAILABLE` */
  static async open(path: string): Promise<SqliteStore> {
    try {
      mkdirSync(dirname(resolve(path)), { recursive: true });
      const reader = openDatabase(path);
      const writer = new Worker(writerFile(), { workerData: { path } });
      await once(writer, 'message');
      return new SqliteStore(path, reader, writer);
    } catch (cause) {
      throw storeUnavailable(path, (cause as Error).message, cause);
    }
  }

  append(events: readonly NewEvent[]): Promise<number> {
    if (this.#dead !== undefined) return Promise.reject(storeUnavailable(this.path, this.#dead));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ events, resolve, reject });
      this.#write();
    });
  }

  async history(user: string, limit: number): Promise<KeptEvent[]> {
    try {
      return (this.#select.all(user, limit) as KeptEvent[])
        .map(({ item, at, type }) => ({ item, at, type }))
        .reverse();
    } catch (cause) {
      throw storeUnavailable(this.path, (cause as Error).message, cause);
    }
  }

  async ping(): Promise<void> {
    if (this.#dead !== undefined) throw storeUnavailable(this.path, this.#dead);
    await this.history('', 1);
  }

  async close(): Promise<void> {
    if (this.#dead !== undefined) return;
    if (this.#writing.length > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    const ended = once(this.writer, 'exit');
    this.writer.postMessage('close');
    await ended;
    this.reader.close();
  }

  #write(): void {
    if (this.#writing.length > 0 || this.#waiting.length === 0) return;
    this.#writing = this.#waiting;
    this.#waiting = [];
    this.writer.postMessage({ appends: this.#writing.map(({ events }) => events) } satisfies WriteRequest);
  }

  #receive(reply: WriteReply): void {
    const written = this.#writing;
    this.#writing = [];
    this.#write();
    if ('added' in reply) written.forEach(({ resolve }, place) => resolve(reply.added[place]));
    else for (const { reject } of written) reject(storeUnavailable(this.path, reply.error));
    if (this.#writing.length === 0) this.#idle?.();
  }

  #die(reason: string): void {
    this.#dead ??= reason;
    const left = [...this.#writing.splice(0), ...this.#waiting.splice(0)];
    for (const { reject } of left) reject(storeUnavailable(this.path, this.#dead));
    this.#idle?.();
  }
}

/** The built writer: beside this file once built, in `dist` when the sources themselves are run. */
function writerFile(): URL {
  const beside = new URL('./sqlite-writer.js', import.meta.url);
  return existsSync(fileURLToPath(beside)) ? beside : new URL('../../dist/sqlite-writer.js', import.meta.url);
}
