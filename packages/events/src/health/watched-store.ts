import type { TowerkitError } from '@towerkit/core';
import { performance } from 'node:perf_hooks';

import type { Impression, ImpressionGroup, TimeRange, VotePage } from '../experiments/impression.js';
import type { EventStore, KeptEvent, NewEvent, PrunedStep, PruneStep } from '../stores/event-store.js';
import { Circuit } from './circuit.js';

/** Milliseconds between two reports of the same failure. */
const REPORT = 60_000;

/** Milliseconds that a store which took something is taken to work. */
const FRESH = 5000;

/** Reading and writing fail apart: a full disk still tells what it holds. */
export type StoreOperation = 'read' | 'write';

/** Who is told of a store that fails. */
export interface StoreListener {
  /** A line for a log: a failure once a minute, what to do about it, and when it is over. */
  say?(text: string): void;
  /** Each call that failed, with `details.reason`. */
  failed?(operation: StoreOperation, reason: string): void;
}

/**
 * A store that somebody watches: its failures are told, once a minute each and not once a call; while it does not work one
 * call a second tries and the others fail at once; and {@link ping} tells whether events can be kept.
 *
 * @example
 * ```ts
 * const store = new WatchedStore(await openStore('events.db'), { say: console.error });
 * ```
 */
export class WatchedStore implements EventStore {
  readonly #circuits: Readonly<Record<StoreOperation, Circuit>>;
  readonly #reported = new Map<string, number>(); // by operation and reason: of either there are a few
  #pinging: Promise<void> | undefined;

  /** @param now milliseconds that never go back */
  constructor(
    readonly store: EventStore,
    readonly listener: StoreListener = {},
    readonly now: () => number = () => performance.now(),
  ) {
    this.#circuits = { read: this.#circuit('read'), write: this.#circuit('write') };
  }

  get kind(): string {
    return this.store.kind;
  }

  get place(): string {
    return this.store.place;
  }

  /** Whether the last call worked. */
  works(operation: StoreOperation): boolean {
    return this.#circuits[operation].error === undefined;
  }

  append(events: readonly NewEvent[]): Promise<number> {
    return this.#write(() => this.store.append(events));
  }

  record(impressions: readonly Impression[]): Promise<void> {
    return this.#write(() => this.store.record(impressions));
  }

  history(user: string, limit: number, kinds?: readonly string[]): Promise<KeptEvent[]> {
    return this.#circuits.read.run(() => this.store.history(user, limit, kinds));
  }

  users(after: string, limit: number): Promise<string[]> {
    return this.#circuits.read.run(() => this.store.users(after, limit));
  }

  impressions(range: TimeRange): Promise<ImpressionGroup[]> {
    return this.#circuits.read.run(() => this.store.impressions(range));
  }

  votes(range: TimeRange, after: number, limit: number): Promise<VotePage> {
    return this.#circuits.read.run(() => this.store.votes(range, after, limit));
  }

  /**
   * Whether events can be kept, tried at most every five seconds while they can.
   *
   * @throws TowerkitError `STORE_UNAVAILABLE`
   */
  ping(): Promise<void> {
    const { write, read } = this.#circuits;
    if (write.error === undefined && read.error === undefined && this.now() - write.succeeded < FRESH)
      return Promise.resolve();
    return (this.#pinging ??= this.#try().finally(() => (this.#pinging = undefined)));
  }

  pruneStep(step: PruneStep): Promise<PrunedStep> {
    return this.#write(() => this.store.pruneStep(step));
  }

  reclaim(): Promise<boolean> {
    return this.#write(() => this.store.reclaim());
  }

  close(): Promise<void> {
    return this.store.close();
  }

  async #try(): Promise<void> {
    const { write, read } = this.#circuits;
    await write.run(() => this.store.ping());
    if (read.error) await read.run(() => this.store.history('', 1));
  }

  #write<T>(work: () => Promise<T>): Promise<T> {
    return this.#circuits.write.run(work).catch((error: TowerkitError) => {
      if (error.code === 'STORE_FULL') this.#report('write', 'limit', error);
      throw error;
    });
  }

  #circuit(operation: StoreOperation): Circuit {
    return new Circuit(
      {
        failed: (error) => this.#report(operation, String(error.details.reason), error),
        recovered: (failures, milliseconds) => {
          for (const key of this.#reported.keys()) if (key.startsWith(operation)) this.#reported.delete(key);
          const seconds = Math.round(milliseconds / 1000);
          const what = operation === 'write' ? 'takes events' : 'can be read';
          this.listener.say?.(
            `the event store ${this.place} ${what} again: ${failures} failures in ${seconds} s`,
          );
        },
      },
      this.now,
    );
  }

  #report(operation: StoreOperation, reason: string, { code, message, hint, details }: TowerkitError): void {
    this.listener.failed?.(operation, reason);
    const key = `${operation} ${reason}`;
    const last = this.#reported.get(key);
    if (last !== undefined && this.now() - last < REPORT) return;
    this.#reported.set(key, this.now());
    const said = details.said ? ` (${String(details.said)})` : '';
    this.listener.say?.(`${code}: ${operation} ${this.place}: ${message}${said}; ${hint}`);
  }
}
