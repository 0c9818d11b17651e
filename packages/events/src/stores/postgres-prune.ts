import type { PrunedStep, PruneStep } from './event-store.js';
import { PRUNE_STEP } from './store-options.js';

/** Asks the database; large integers come as texts. */
type Query = (
  text: string,
  values: unknown[],
) => Promise<{ readonly rows: unknown[]; readonly rowCount: number | null }>;

/** One step of removing, as `sqlitePrune` does it. */
export async function prunePostgres(query: Query, step: PruneStep): Promise<PrunedStep> {
  return step.table === 'events' ? pruneEvents(query, step) : pruneImpressions(query, step);
}

async function pruneEvents(query: Query, { before, after, dryRun }: PruneStep): Promise<PrunedStep> {
  const { rows } = await query('SELECT min(seq) AS first, max(seq) AS last FROM towerkit_events', []);
  const [{ first, last }] = rows as { first: string | null; last: string | null }[];
  const from = Math.max(after, Number(first ?? 0) - 1);
  const to = from + PRUNE_STEP;
  const where = 'FROM towerkit_events WHERE seq > $1 AND seq <= $2 AND at < $3';
  const removed = await removeOrCount(query, where, [from, to, before], dryRun);
  return { removed, ...(to < Number(last ?? 0) && { next: to }) };
}

async function pruneImpressions(query: Query, { before, after, dryRun }: PruneStep): Promise<PrunedStep> {
  const { rows } = await query(
    'SELECT at FROM towerkit_impressions WHERE at >= $1 AND at < $2 ORDER BY at LIMIT 1 OFFSET $3',
    [after, before, PRUNE_STEP - 1],
  );
  const [last] = rows as { at: string }[];
  const next = last ? Number(last.at) + 1 : before;
  const where = 'FROM towerkit_impressions WHERE at >= $1 AND at < $2';
  const removed = await removeOrCount(query, where, [after, next], dryRun);
  return { removed, ...(last && { next }) };
}

async function removeOrCount(
  query: Query,
  where: string,
  values: number[],
  dryRun: boolean,
): Promise<number> {
  if (!dryRun) return (await query(`DELETE ${where}`, values)).rowCount ?? 0;
  const { rows } = await query(`SELECT COUNT(*) AS count ${where}`, values);
  return Number((rows as { count: string }[])[0].count);
}
