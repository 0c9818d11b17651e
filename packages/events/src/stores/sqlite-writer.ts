import { parentPort, workerData } from 'node:worker_threads';

import type { Impression } from '../experiments/impression.js';
import type { NewEvent } from './event-store.js';
import { IMPRESSION_COLUMNS, valuesOf } from './impression-rows.js';
import { openDatabase } from './sqlite-database.js';

/** What is added at once. */
export interface Append {
  readonly events: readonly NewEvent[];
  readonly impressions: readonly Impression[];
}

/** The appends of one commit. */
export interface WriteRequest {
  readonly appends: readonly Append[];
}

/** How many events of each append were new, or why nothing was kept. */
export type WriteReply = { readonly added: readonly number[] } | { readonly error: string };

// The thread that waits for the disk.
const port = parentPort!;
const { path } = workerData as { path: string };
const database = openDatabase(path);
const insert = database.prepare(
  'INSERT INTO events (id, user, item, at, type, answer) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
);
const record = database.prepare(
  `INSERT INTO impressions (${IMPRESSION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
);

function write({ appends }: WriteRequest): WriteReply {
  try {
    database.exec('BEGIN IMMEDIATE');
    const added = appends.map(({ events, impressions }) => {
      for (const impression of impressions) record.run(...valuesOf(impression));
      return events.reduce(
        (sum, { id, user, item, at, type, answer = null }) =>
          sum + insert.run(id, user, item, at, type, answer).changes,
        0,
      );
    });
    database.exec('COMMIT');
    return { added };
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    return { error: (error as Error).message };
  }
}

port.on('message', (request: WriteRequest | 'close') => {
  if (request !== 'close') return port.postMessage(write(request));
  database.close();
  port.close();
});
port.postMessage({ added: [] } satisfies WriteReply);
