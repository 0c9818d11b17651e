import { TowerkitError } from '@towerkit/core';
import { openStore, prune } from '@towerkit/events';

const DAY = 24 * 3600 * 1000;

/** Flags of `towerkit events prune`. */
export interface PruneFlags {
  readonly events: string;
  readonly eventsPasswordFile?: string;
  /** Days that are kept. */
  readonly olderThan?: number;
  readonly impressionsOlderThan?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `towerkit events prune`: removes old events, also while servers use the store. @returns the exit status */
export async function pruneCommand(flags: PruneFlags): Promise<number> {
  const { events: place, eventsPasswordFile: passwordFile, dryRun = false } = flags;
  const [events, impressions] = [flags.olderThan, flags.impressionsOlderThan].map((days) =>
    days === undefined ? undefined : Math.max(0, Math.floor(Date.now() - days * DAY)),
  );
  if (events === undefined && impressions === undefined)
    throw new TowerkitError('BAD_OPTION', 'nothing says what is old', {
      hint: 'give --older-than or --impressions-older-than, in days',
    });
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const store = await openStore(place, { create: false, passwordFile });
  try {
    const pruned = await prune({ store, events, impressions, dryRun, signal: stop.signal });
    const what = `${pruned.events} events and ${pruned.impressions} impressions`;
    process.stderr.write(`${store.place}: ${what} ${dryRun ? 'would be removed' : 'removed'}\n`);
    if (flags.json) process.stdout.write(`${JSON.stringify({ ...pruned, dryRun })}\n`);
    return stop.signal.aborted ? 130 : 0;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await store.close();
  }
}
