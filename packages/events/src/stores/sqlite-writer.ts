import { parentPort, workerData } from 'node:worker_threads';

import type { Impression } from '../experiments/impression.js';
import { DatabaseFiles } from './database-files.js';
import type { NewEvent, PrunedStep, PruneStep } from './event-store.js';
import { IMPRESSION_COLUMNS, valuesOf } from './impression-rows.js';
import { failureOf, inTransaction, numberOf, openDatabase } from './sqlite-database.js';
import { sqlitePrune } from './sqlite-prune.js';
import type { StoreFailure } from './store-errors.js';
import { wasCutShort } from './truncation.js';

/** What is added at once. */
export interface Append {
  readonly events: readonly NewEvent[];
  readonly impressions: readonly Impression[];
}

/** What the thread is asked: the appends of one commit, a step of pruning, a trial write, or to give room back. */
export type WriteRequest =
  | { readonly appends: readonly Append[] }
  | { readonly prune: PruneStep }
  | { readonly probe: true }
  | { readonly reclaim: true };

/** What the thread is started with. */
export interface WriterData {
  readonly path: string;
  /** Bytes that the file may hold; 0: any number. */
  readonly limit: number;
}

/** How many events of each append were new, what a step came to, whether there is more room to give; or what failed. */
export type WriteReply =
  | { readonly value: readonly number[] | PrunedStep | boolean }
  | { readonly full: true }
  | { readonly failure: StoreFailure };

/** Pages given back to the disk in one step. */
const PAGES = 1000;

// The thread that waits for the disk.
const port = parentPort!;
const { path, limit } = workerData as WriterData;
const database = openDatabase(path, false);
const files = new DatabaseFiles(path);
let size = files.size;
const insert = database.prepare(
  'INSERT INTO events (id, user, item, at, type, answer) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
);
const record = database.prepare(
  `INSERT INTO impressions (${IMPRESSION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
);
// As large as a usual append: on a disk that is all but full a smaller one would still find room.
const probe = database.prepare(
  'INSERT OR REPLACE INTO probe (only_row, at, room) VALUES (0, ?, zeroblob(65536))',
);

const pragma = (name: string): number => numberOf(database, name);

const isFull = (): boolean =>
  limit > 0 && (pragma('page_count') - pragma('freelist_count')) * pragma('page_size') >= limit;

function add(appends: readonly Append[]): number[] {
  return appends.map(({ events, impressions }) => {
    for (const impression of impressions) record.run(...valuesOf(impression));
    return events.reduce(
      (sum, { id, user, item, at, type, answer = null }) =>
        sum + insert.run(id, user, item, at, type, answer).changes,
      0,
    );
  });
}

function perform(request: WriteRequest): number[] | PrunedStep | boolean {
  if ('appends' in request) return inTransaction(database, () => add(request.appends));
  if ('prune' in request) return inTransaction(database, () => sqlitePrune(database, request.prune));
  if ('probe' in request) return inTransaction(database, () => probe.run(Date.now()).changes > 0);
  database.exec(`PRAGMA incremental_vacuum(${PAGES})`);
  const more = pragma('freelist_count') > 0 && pragma('auto_vacuum') > 0;
  if (!more) database.pragma('wal_checkpoint(PASSIVE)'); // which shortens the file
  return more;
}

/** What has become of the file; looked at after a commit, so that what is acknowledged is in the file in its place. */
function fault(): StoreFailure | undefined {
  const gone = files.fault();
  if (gone) return { reason: gone, said: '' };
  const now = files.size;
  if (now < size && wasCutShort(database, path, now)) return { reason: 'truncated', said: `${now} bytes` };
  size = now;
  return undefined;
}

function answer(request: WriteRequest): WriteReply {
  try {
    const before = fault();
    if (before) return { failure: before };
    if ('appends' in request && isFull()) return { full: true };
    const value = perform(request);
    const after = fault();
    return after ? { failure: after } : { value };
  } catch (error) {
    return { failure: fault() ?? failureOf(error) };
  }
}

port.on('message', (request: WriteRequest | 'close') => {
  if (request !== 'close') return port.postMessage(answer(request));
  database.close();
  port.close();
});
port.postMessage({ value: true } satisfies WriteReply);
