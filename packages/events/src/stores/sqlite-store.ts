import type Database from 'libsql';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import type { Impression, ImpressionGroup, TimeRange, VotePage } from '../experiments/impression.js';
import type { EventStore, KeptEvent, NewEvent } from './event-store.js';
import { IMPRESSION_FIELDS, pageOf, type VoteRow } from './impression-rows.js';
import { openDatabase, storeUnavailable } from './sqlite-database.js';
import type { Append, WriteReply, WriteRequest } from './sqlite-writer.js';

interface Waiting extends Append {
  resolve(added: number): void;
  reject(error: unknown): void;
}

/**
 * Events in a file, by libSQL (SQLite). A thread of its own writes and waits for the disk; appends that come meanwhile
 * share the next commit. Reads need not wait for it. Several processes of one machine may share the file.
 */
export class SqliteStore implements EventStore {
  readonly kind = 'sqlite';
  readonly #history: Database.Statement;
  readonly #impressions: Database.Statement;
  readonly #votes: Database.Statement;
  #waiting: Waiting[] = [];
  #writing: Waiting[] = [];
  #dead: string | undefined;
  #idle: (() => void) | undefined;

  private constructor(
    readonly path: string,
    readonly reader: Database.Database,
    readonly writer: Worker,
  ) {
    this.#history = reader.prepare(
      `SELECT item, at, type FROM events
       WHERE user = ? AND (? OR type IN (SELECT value FROM json_each(?))) ORDER BY at DESC, seq DESC LIMIT ?`,
    );
    this.#impressions = reader.prepare(
      `SELECT experiment, arms, COUNT(*) AS count FROM impressions
       WHERE at >= ? AND at < ? GROUP BY experiment, arms ORDER BY experiment, arms`,
    );
    this.#votes = reader.prepare(
      `SELECT e.seq, e.item, e.type, ${IMPRESSION_FIELDS}
       FROM (SELECT * FROM events WHERE answer IS NOT NULL AND seq > ? ORDER BY seq LIMIT ?) AS e
       LEFT JOIN impressions AS i ON i.id = e.answer AND i.at >= ? AND i.at < ? ORDER BY e.seq`,
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
    return this.#append({ events, impressions: [] });
  }

  async record(impressions: readonly Impression[]): Promise<void> {
    await this.#append({ events: [], impressions });
  }

  async history(user: string, limit: number, kinds?: readonly string[]): Promise<KeptEvent[]> {
    const any = kinds === undefined ? 1 : 0;
    return this.#read<KeptEvent>(this.#history, user, any, JSON.stringify(kinds ?? []), limit)
      .map(({ item, at, type }) => ({ item, at, type }))
      .reverse();
  }

  async impressions({ since, until }: TimeRange): Promise<ImpressionGroup[]> {
    const rows = this.#read<{ experiment: string; arms: string; count: number }>(
      this.#impressions,
      since,
      until,
    );
    return rows.map(({ arms, ...rest }) => ({ ...rest, arms: JSON.parse(arms) as string[] }));
  }

  async votes({ since, until }: TimeRange, after: number, limit: number): Promise<VotePage> {
    return pageOf(this.#read<VoteRow>(this.#votes, after, limit, since, until), limit);
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

  #read<T>(statement: Database.Statement, ...values: (string | number)[]): T[] {
    try {
      return statement.all(...values) as T[];
    } catch (cause) {
      throw storeUnavailable(this.path, (cause as Error).message, cause);
    }
  }

  #append(append: Append): Promise<number> {
    if (this.#dead !== undefined) return Promise.reject(storeUnavailable(this.path, this.#dead));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...append, resolve, reject });
      this.#write();
    });
  }

  #write(): void {
    if (this.#writing.length > 0 || this.#waiting.length === 0) return;
    this.#writing = this.#waiting;
    this.#waiting = [];
    const appends = this.#writing.map(({ events, impressions }) => ({ events, impressions }));
    this.writer.postMessage({ appends } satisfies WriteRequest);
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
