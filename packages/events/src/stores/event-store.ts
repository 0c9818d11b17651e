import type { Impression, ImpressionGroup, TimeRange, VotePage } from '../experiments/impression.js';

/** Something a user did with an item. */
export interface NewEvent {
  /** Given by the client, so that a repeated request counts once. */
  readonly id: string;
  /** Empty for a visitor without an account; such an event only counts for the answer it names. */
  readonly user: string;
  readonly item: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Its kind, such as `view` or `purchase`. */
  readonly type: string;
  /** Id of the answer it follows. */
  readonly answer?: string;
}

/** An event of a user as it was kept. */
export type KeptEvent = Pick<NewEvent, 'item' | 'at' | 'type'>;

/**
 * Where interactions and impressions are kept. Whatever the implementation: what `append` has resolved for survives a
 * kill of the process and of the machine, and every process that shares the store reads it at once.
 */
export interface EventStore {
  /** `sqlite` or `postgres`. */
  readonly kind: string;
  /**
   * Keeps events, all or none. An id that is there already is passed over.
   *
   * @returns how many are new
   * @throws TowerkitError `STORE_UNAVAILABLE`
   */
  append(events: readonly NewEvent[]): Promise<number>;
  /**
   * The last `limit` events of a user, oldest first; events of the same time in the order they came in.
   *
   * @param kinds only events of these kinds; all when absent
   * @throws TowerkitError `STORE_UNAVAILABLE`
   */
  history(user: string, limit: number, kinds?: readonly string[]): Promise<KeptEvent[]>;
  /**
   * Keeps impressions, all or none. An id that is there already is passed over.
   *
   * @throws TowerkitError `STORE_UNAVAILABLE`
   */
  record(impressions: readonly Impression[]): Promise<void>;
  /** How many impressions there are in a range of time, by experiment and arms. @throws TowerkitError `STORE_UNAVAILABLE` */
  impressions(range: TimeRange): Promise<ImpressionGroup[]>;
  /**
   * Events that name an impression of a range of time, in the order they came in, with that impression. Repeated ones
   * are there too.
   *
   * @param after 0 for the first page, else `next` of the one before
   * @param limit events to look at
   * @throws TowerkitError `STORE_UNAVAILABLE`
   */
  votes(range: TimeRange, after: number, limit: number): Promise<VotePage>;
  /** Does nothing but reach the store. @throws TowerkitError `STORE_UNAVAILABLE` */
  ping(): Promise<void>;
  /** Ends connections and threads, once what was begun is written. */
  close(): Promise<void>;
}
