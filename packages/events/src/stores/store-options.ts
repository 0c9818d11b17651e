/** How a store is opened. */
export interface StoreOptions {
  /** Bytes that it may hold, indexes included; more is `STORE_FULL`. 0, the default: any number. */
  readonly limit?: number;
  /** Whether the file, or the tables, are made where there are none; true by default. */
  readonly create?: boolean;
  /**
   * PostgreSQL: a file with the password, read again for every connection. Without it the password is that of the address,
   * of `PGPASSWORD`, or of the file that `PGPASSFILE` names (`~/.pgpass` by default).
   */
  readonly passwordFile?: string;
}

/** Newest events of a user among which a history is looked for: one user's flood must not hold the others. */
export const HISTORY_SCAN = 10_000;

/** Rows that a step of pruning looks at, so that no lock is held long. */
export const PRUNE_STEP = 5000;
