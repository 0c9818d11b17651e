import type { Impression, ImpressionGroup, TimeRange, VotePage } from '../experiments/impression.js';

/** Something a user did with an item. */
export interface NewEvent {
  /**
   * Given by the client, so that a repeated request counts once: unique among the events of its user, or, without a user,
   * of its answer.
   */
  readonly id: string;
  /** Empty for a visitor without an account; such an event only counts for the answer it names. */
  readonly user: string;
  readonly item: string;
  /** Milliseconds since 1970; not more than ten minutes ahead of the clock. */
  readonly at: number;
  /** Its kind, such as `view` or `purchase`. */
  readonly type: string;
  /** Id of the answer it follows. */
  readonly answer?: string;
}

/** An event of a user as it was kept. */
export type KeptEvent = Pick<NewEvent, 'item' | 'at' | 'type'>;

/** What a store keeps. */
export type StoredTable = 'events' | 'impressions';

/** A step of removing old rows. */
export interface PruneStep {
  readonly table: StoredTable;
  /** Rows from before that time go, milliseconds since 1970. */
  readonly before: number;
  /** 0 for the first step, else `next` of the one before. */
  readonly after: number;
  /** Only counts. */
  readonly dryRun: boolean;
}

/** What a step of removing came to. */
export interface PrunedStep {
  readonly removed: number;
  /** Where the next step begins; absent after the last. */
  readonly next?: number;
}

/**
 * Where interactions and impressions are kept. Whatever the implementation: what `append` has resolved for survives a
 * kill of the process and of the machine, and every process that shares the store reads it at once.
 */
export interface EventStore {
  /** `sqlite` or `postgres`. */
  readonly kind: string;
  /** Its file or address, without a password: for a log. */
  readonly place: string;
  /**
   * Keeps events, all or none. An id that the user has already is passed over.
   *
   * @returns how many are new
   * @throws TowerkitError `BAD_VALUE` (`details.field`); `STORE_UNAVAILABLE`; `STORE_FULL`
   */
  append(events: readonly NewEvent[]): Promise<number>;
  /**
   * The last `limit` events of a user, oldest first; events of the same time in the order they came in. They are looked
   * for among the newest 10,000 of the user.
   *
   * @param kinds only events of these kinds; all when absent
   * @throws TowerkitError `STORE_UNAVAILABLE`
   */
  history(user: string, limit: number, kinds?: readonly string[]): Promise<KeptEvent[]>;
  /**
   * Users that have events, each once, in an order of the store's own.
   *
   * @param after the last of the page before; empty for the first
   * @throws TowerkitError `STORE_UNAVAILABLE`
   */
  users(after: string, limit: number): Promise<string[]>;
  /**
   * Keeps impressions, all or none. An id that is there already is passed over.
   *
   * @throws TowerkitError `BAD_VALUE` (`details.field`); `STORE_UNAVAILABLE`; `STORE_FULL`
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
  /** Writes and reads a trifle: resolves where events could be kept now. @throws TowerkitError `STORE_UNAVAILABLE` */
  ping(): Promise<void>;
  /**
   * Removes rows of before a time among the next few thousand: no lock is held longer. {@link prune} does all of them.
   *
   * @throws TowerkitError `STORE_UNAVAILABLE`
   */
  pruneStep(step: PruneStep): Promise<PrunedStep>;
  /**
   * Gives some of the room of removed rows back to the disk.
   *
   * @returns whether there is more to give
   * @throws TowerkitError `STORE_UNAVAILABLE`
   */
  reclaim(): Promise<boolean>;
  /** Ends connections and threads, once what was begun is written. */
  close(): Promise<void>;
}
