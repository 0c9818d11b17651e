import type Database from 'libsql';

import type { PrunedStep, PruneStep } from './event-store.js';
import { PRUNE_STEP } from './store-options.js';

/** One step of removing, within a transaction. */
export function sqlitePrune(database: Database.Database, step: PruneStep): PrunedStep {
  return step.table === 'events' ? pruneEvents(database, step) : pruneImpressions(database, step);
}

/** Events go in the order they came in: an index by time would cost every write. */
function pruneEvents(database: Database.Database, { before, after, dryRun }: PruneStep): PrunedStep {
  const one = (sql: string) => (database.prepare(sql).get() as { seq: number | null }).seq ?? 0;
  const from = Math.max(after, one('SELECT min(seq) AS seq FROM events') - 1);
  const to = from + PRUNE_STEP;
  const where = 'FROM events WHERE seq > ? AND seq <= ? AND at < ?';
  const removed = removeOrCount(database, where, [from, to, before], dryRun);
  return { removed, ...(to < one('SELECT max(seq) AS seq FROM events') && { next: to }) };
}

/** Impressions go by their time, those of one moment together. */
function pruneImpressions(database: Database.Database, { before, after, dryRun }: PruneStep): PrunedStep {
  const last = database
    .prepare('SELECT at FROM impressions WHERE at >= ? AND at < ? ORDER BY at LIMIT 1 OFFSET ?')
    .get(after, before, PRUNE_STEP - 1) as { at: number } | undefined;
  const next = last ? last.at + 1 : before;
  const where = 'FROM impressions WHERE at >= ? AND at < ?';
  const removed = removeOrCount(database, where, [after, next], dryRun);
  return { removed, ...(last && { next }) };
}

function removeOrCount(
  database: Database.Database,
  where: string,
  values: readonly number[],
  dryRun: boolean,
): number {
  if (!dryRun) return database.prepare(`DELETE ${where}`).run(...values).changes;
  return (database.prepare(`SELECT COUNT(*) AS count ${where}`).get(...values) as { count: number }).count;
}
