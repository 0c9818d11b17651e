import type { EventStore } from '../stores/event-store.js';
import { prune, type Pruned } from './prune.js';

const DAY = 24 * 3600 * 1000;

/** How long rows are kept. */
export interface RetentionPolicy {
  /** Days that events are kept, by their time; for good when absent. */
  readonly events?: number;
  /** Days that impressions are kept; for good when absent. */
  readonly impressions?: number;
  /** Milliseconds between two prunings. */
  readonly every: number;
}

/** Prunes a store from time to time. A pruning that fails is tried again at the next. */
export class Retention {
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  /** @param told how many rows went, where any did */
  constructor(
    readonly store: Pick<EventStore, 'pruneStep' | 'reclaim'>,
    readonly policy: RetentionPolicy,
    readonly told: (pruned: Pruned) => void = () => undefined,
  ) {}

  /** Prunes now and then every so often; nothing where all is kept for good. */
  start(): void {
    const { events, impressions, every } = this.policy;
    if (events === undefined && impressions === undefined) return;
    const run = async () => {
      const before = (days: number | undefined) =>
        days === undefined ? undefined : Math.max(0, Date.now() - Math.round(days * DAY));
      try {
        const pruned = await prune({
          store: this.store,
          events: before(events),
          impressions: before(impressions),
          signal: this.#stop.signal,
        });
        if (pruned.events + pruned.impressions > 0) this.told(pruned);
      } catch {
        // The store says itself what is wrong with it.
      }
      if (!this.#stop.signal.aborted) this.#timer = setTimeout(start, every).unref();
    };
    const start = () => void (this.#running = run());
    start();
  }

  /** Ends it, once a step that is being done is done. */
  async close(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }
}
