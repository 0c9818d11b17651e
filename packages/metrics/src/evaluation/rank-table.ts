/**
 * Where each user's targets landed. With one target per user `ranks[i]` is the rank for `users[i]`; in general the
 * ranks of `users[i]` are `ranks[indptr[i] .. indptr[i + 1]]`.
 */
export interface RankTable {
  /** User ids evaluated, shape [n]. */
  readonly users: Int32Array;
  /** Boundaries in `ranks`, shape [n + 1]. */
  readonly indptr: Int32Array;
  /**
   * 1-based ranks, ascending for each user. Those of a user's further targets may be missing once one lies below
   * the deepest cutoff asked for.
   */
  readonly ranks: Int32Array;
  /** Number of targets of each user, those that are missed included, shape [n]. */
  readonly relevant: Int32Array;
  /** Of these, targets that are no items and so have no rank, shape [n]; none when absent. */
  readonly missed?: Int32Array;
  /** Number of items ranked for each user, targets included, shape [n]. */
  readonly candidates: Int32Array;
}

/** Collects a {@link RankTable} user by user. */
export class RankTableBuilder {
  readonly #indptr: Int32Array;
  readonly #ranks: Int32Array;
  readonly #relevant: Int32Array;
  readonly #missed: Int32Array;
  readonly #candidates: Int32Array;
  #users = 0;
  #length = 0;

  /**
   * @param users user ids
   * @param targets how many targets they have together
   */
  constructor(
    readonly users: Int32Array,
    targets: number,
  ) {
    this.#indptr = new Int32Array(users.length + 1);
    this.#ranks = new Int32Array(targets);
    this.#relevant = new Int32Array(users.length);
    this.#missed = new Int32Array(users.length);
    this.#candidates = new Int32Array(users.length);
  }

  /** The next rank of the current user. */
  push(rank: number): void {
    this.#ranks[this.#length++] = rank;
  }

  /** Ends the current user. @param missed targets without a rank, beside those ranked */
  close(ranked: number, candidates: number, missed = 0): void {
    this.#relevant[this.#users] = ranked + missed;
    this.#missed[this.#users] = missed;
    this.#candidates[this.#users] = candidates;
    this.#indptr[++this.#users] = this.#length;
  }

  /** The table, once every user is closed. */
  finish(): RankTable {
    return {
      users: this.users,
      indptr: this.#indptr,
      ranks: this.#ranks.slice(0, this.#length),
      relevant: this.#relevant,
      ...(this.#missed.some((count) => count > 0) && { missed: this.#missed }),
      candidates: this.#candidates,
    };
  }
}
