import type { EventStore } from '../stores/event-store.js';
import { checkImpressions } from '../stores/values.js';
import type { Impression } from './impression.js';

/** Milliseconds that impressions wait for others, to be written together. */
const EVERY = 100;
/** Impressions that wait at most; more are lost, and counted, while the store does not take them. */
const HELD = 10_000;

/** Which answers are recorded: those of a split or of interleaving, all, or none. */
export type ImpressionPolicy = 'experiments' | 'all' | 'none';

/**
 * Writes impressions to the store, many at once and beside the answers, which never wait for it. A kill loses those of
 * the last moment; a store that cannot be reached gets them when it is back.
 */
export class ImpressionLog {
  #waiting: Impression[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  /**
   * @param policy which answers are recorded
   * @param lost told how many could not be kept
   */
  constructor(
    readonly store: Pick<EventStore, 'record'>,
    readonly policy: ImpressionPolicy,
    readonly lost: (count: number) => void,
  ) {}

  /** Takes an impression, if it is of those to record. */
  add(impression: Impression): void {
    if (this.policy === 'none' || (this.policy === 'experiments' && impression.experiment === 'none')) return;
    if (this.#waiting.length >= HELD || !isSound(impression)) return this.lost(1);
    this.#waiting.push(impression);
    this.#timer ??= setTimeout(() => void this.flush(), EVERY).unref();
  }

  /** Writes what waits; where that fails it waits again. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return (this.#writing = this.#writing.then(async () => {
      const batch = this.#waiting;
      if (batch.length === 0) return;
      this.#waiting = [];
      try {
        await this.store.record(batch);
      } catch {
        const all = [...batch, ...this.#waiting];
        this.#waiting = all.slice(0, HELD);
        this.lost(all.length - this.#waiting.length);
        this.#timer ??= setTimeout(() => void this.flush(), 10 * EVERY).unref();
      }
    }));
  }

  /** Writes what waits, a last time; what the store does not take is lost. */
  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#timer);
    if (this.#waiting.length > 0) this.lost(this.#waiting.length);
    this.#waiting = [];
  }
}

/** Whether a store takes it: one that none takes would be in the way of all others for good. */
function isSound(impression: Impression): boolean {
  try {
    checkImpressions([impression]);
    return true;
  } catch {
    return false;
  }
}
