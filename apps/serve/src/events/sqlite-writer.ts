import { parentPort, workerData } from 'node:worker_threads';

import type { NewEvent } from './event-store.js';
import { openDatabase } from './sqlite-database.js';

/** The appends of one commit. */
export interface WriteRequest {
  readonly appends: readonly (readonly NewEvent[])[];
}

/** How many events of each append were new, or why nothing was kept. */
export type WriteReply = { readonly added: readonly number[] } | { readonly error: string };

// The thread that waits for the disk.
const port = parentPort!;
const { path } = workerData as { path: string };
const database = openDatabase(path);
const insert = database.prepare(
  'INSERT INTO events (id, user, item, at, type) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
);

function write({ appends }: WriteRequest): WriteReply {
  try {
    database.exec('BEGIN IMMEDIATE');
    const added = appends.map((events) =>
      events.reduce(
        (sum, { id, user, item, at, type }) => sum + insert.run(id, user, item, at, type).changes,
        0,
      ),
    );
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
