import { setTimeout as sleep } from 'node:timers/promises';

import { TowerkitError } from '../errors.js';
import type { EventStore, StoredTable } from '../stores/event-store.js';

/** Milliseconds between two steps, in which others write. */
const PAUSE = 5;

/** What is to be removed. */
export interface PruneOptions {
  readonly store: Pick<EventStore, 'pruneStep' | 'reclaim'>;
  /** Events of before that time go, milliseconds since 1970; none when absent. */
  readonly events?: number;
  /** Impressions of before that time go; none when absent. */
  readonly impressions?: number;
  /** Only counts; false by default. */
  readonly dryRun?: boolean;
  /** Ends it after the step that is being done. */
  readonly signal?: AbortSignal;
}

/** How many rows went, or would go. */
export type Pruned = Readonly<Record<StoredTable, number>>;

/**
 * Removes old events and impressions from a store that others may be using: a few thousand rows at a time, each step a
 * commit of its own, so that one that fails or is stopped has removed the oldest and can be done again. Then the room is
 * given back to the disk.
 *
 * @throws TowerkitError `BAD_OPTION`; `STORE_UNAVAILABLE`
 *
 * @example
 * ```ts
 * const day = 24 * 3600 * 1000;
 * const { events } = await prune({ store, events: Date.now() - 90 * day });
 * ```
 */
export async function prune(options: PruneOptions): Promise<Pruned> {
  const { store, dryRun = false, signal } = options;
  const removed = { events: 0, impressions: 0 };
  for (const table of ['events', 'impressions'] as const) {
    const before = options[table];
    if (before === undefined) continue;
    if (!Number.isSafeInteger(before) || before < 0)
      throw new TowerkitError('BAD_OPTION', `${table}: expected milliseconds since 1970, got ${before}`, {
        hint: 'such as Date.now() - 90 * 24 * 3600 * 1000',
        details: { option: table },
      });
    for (let after: number | undefined = 0; after !== undefined && !signal?.aborted; await sleep(PAUSE)) {
      const step: Awaited<ReturnType<EventStore['pruneStep']>> = await store.pruneStep({
        table,
        before,
        after,
        dryRun,
      });
      removed[table] += step.removed;
      after = step.next;
    }
  }
  if (!dryRun) while (!signal?.aborted && (await store.reclaim())) await sleep(PAUSE);
  return removed;
}
