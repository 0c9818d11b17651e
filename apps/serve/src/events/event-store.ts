/** Something a user did with an item. */
export interface NewEvent {
  /** Given by the client, so that a repeated request counts once. */
  readonly id: string;
  readonly user: string;
  readonly item: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Such as `view` or `purchase`. */
  readonly type: string;
}

/** An event of a user as it was kept. */
export type KeptEvent = Pick<NewEvent, 'item' | 'at' | 'type'>;

/**
 * Where interactions are kept. Whatever the implementation: what `append` has resolved for survives a kill of the
 * process and of the machine, and every process that shares the store reads it at once.
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
  /** The last `limit` events of a user, oldest first; events of the same time in the order they came in. */
  history(user: string, limit: number): Promise<KeptEvent[]>;
  /** Rejects where the store cannot be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
