import type Database from 'libsql';
import { once } from 'node:events';
import { mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';

import { isTowerkitError } from '@towerkit/core';
import { builtProgram } from '@towerkit/core/files';
import { DatabaseFiles } from './database-files.js';
import { failureOf, openDatabase } from './sqlite-database.js';
import { cannotOpen, storeFull, unavailable, type StoreFailure } from './store-errors.js';
import type { Append, WriteReply, WriteRequest, WriterData } from './sqlite-writer.js';

interface Waiting<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** A file that is open twice: to read in this thread, to write in one of its own. */
export class SqliteConnection {
  readonly files: DatabaseFiles;
  #appends: (Append & Waiting<number>)[] = [];
  #appending = false;
  #asked: Waiting<WriteReply>[] = [];
  #dead: StoreFailure | undefined;

  private constructor(
    readonly path: string,
    readonly limit: number,
    readonly reader: Database.Database,
    readonly writer: Worker,
  ) {
    this.files = new DatabaseFiles(path);
    writer.on('message', (reply: WriteReply) => this.#asked.shift()?.resolve(reply));
    writer.on('error', (error: Error) => this.#die(error.message));
    writer.on('exit', () => this.#die('the thread that writes has ended'));
  }

  /**
   * @param limit bytes that the file may hold; 0: any number
   * @param create whether it is made where there is none
   * @throws TowerkitError `STORE_UNAVAILABLE`
   */
  static async open(path: string, limit: number, create: boolean): Promise<SqliteConnection> {
    let reader: Database.Database | undefined;
    try {
      if (create) mkdirSync(dirname(resolve(path)), { recursive: true });
      const there = statSync(path, { throwIfNoEntry: false });
      if (!create && !there) throw cannotOpen({ reason: 'absent', said: '' }, path);
      if (there && !there.isFile())
        throw cannotOpen({ reason: 'absent', said: 'it is not a regular file' }, path);
      reader = openDatabase(path, create);
      const writer = new Worker(builtProgram(import.meta.url, 'sqlite-writer.js'), {
        workerData: { path, limit } satisfies WriterData,
      });
      await started(writer);
      return new SqliteConnection(path, limit, reader, writer);
    } catch (cause) {
      reader?.close();
      throw isTowerkitError(cause) ? cause : cannotOpen(failureOf(cause), path, cause);
    }
  }

  /**
   * Keeps what is given in a commit that appends of the same moment share.
   *
   * @throws TowerkitError `STORE_UNAVAILABLE`, `STORE_FULL`
   */
  append(append: Append): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#appends.push({ ...append, resolve, reject });
      if (!this.#appending) void this.#writeAppends();
    });
  }

  /** What the thread that writes answers, in the order of the questions. @throws as {@link append} */
  async ask<T>(request: WriteRequest): Promise<T> {
    if (this.#dead) throw unavailable(this.#dead, this.path);
    const reply = await new Promise<WriteReply>((resolve, reject) => {
      this.writer.postMessage(request); // where it throws, no answer is waited for
      this.#asked.push({ resolve, reject });
    });
    if ('full' in reply) throw storeFull(this.limit, this.path);
    if ('failure' in reply) throw unavailable(reply.failure, this.path);
    return reply.value as T;
  }

  /** @throws TowerkitError `STORE_UNAVAILABLE` */
  read<T>(statement: Database.Statement, ...values: (string | number)[]): T[] {
    try {
      return statement.all(...values) as T[];
    } catch (cause) {
      throw unavailable(failureOf(cause), this.path, cause);
    }
  }

  /** Moves what the journal holds into the main file. @returns whether all of it is there */
  checkpoint(): boolean {
    try {
      const [{ busy }] = this.reader.pragma('wal_checkpoint(FULL)') as { busy: number }[];
      return busy === 0;
    } catch {
      return false;
    }
  }

  /** Whether the thread that writes has ended by itself. */
  get dead(): boolean {
    return this.#dead !== undefined;
  }

  /** Closes both, once what was asked is done. */
  async close(): Promise<void> {
    if (!this.#dead) {
      const ended = once(this.writer, 'exit');
      this.writer.postMessage('close');
      await ended;
    }
    this.reader.close();
  }

  async #writeAppends(): Promise<void> {
    this.#appending = true;
    for (let batch = this.#appends; batch.length > 0; batch = this.#appends) {
      this.#appends = [];
      try {
        const appends = batch.map(({ events, impressions }) => ({ events, impressions }));
        const added = await this.ask<number[]>({ appends });
        batch.forEach(({ resolve }, place) => resolve(added[place]));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#appending = false;
  }

  #die(said: string): void {
    this.#dead ??= { reason: 'failing', said };
    for (const { reject } of this.#asked.splice(0)) reject(unavailable(this.#dead, this.path));
  }
}

/** Resolves when a thread is at work. @throws what ended it before */
async function started(writer: Worker): Promise<void> {
  const begun = new AbortController();
  const ended = once(writer, 'exit', { signal: begun.signal }).then(() => {
    throw new Error('the thread that writes has ended');
  });
  await Promise.race([once(writer, 'message'), ended]).finally(() => begun.abort());
}

/**
 * Opens what is in the place of a database whose thread ended, or whose files went: the same one anew; another one, whose
 * predecessor's journals are set aside, as SQLite would write their pages into it; or the same one without its journals,
 * which gets their pages first.
 *
 * @returns `undefined` where there is nothing to open
 * @throws TowerkitError `STORE_UNAVAILABLE`
 */
export async function reopened(before: SqliteConnection): Promise<SqliteConnection | undefined> {
  const { files, path, limit } = before;
  if (before.dead && files.fault() === undefined) return SqliteConnection.open(path, limit, false);
  if (files.hasSuccessor)
    for (const journal of files.strayJournals) renameSync(journal, `${journal}.set-aside`);
  else if (!files.lostJournals || !before.checkpoint()) return undefined;
  return SqliteConnection.open(path, limit, false);
}
