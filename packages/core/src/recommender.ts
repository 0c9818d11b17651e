import type { CsrMatrix } from './csr-matrix.js';

/** The best items of one user, best first. */
export interface Recommendations {
  /** Dense item ids, shape [k] or fewer when fewer are left. */
  readonly items: Int32Array;
  /** Their scores, same shape, non-increasing. */
  readonly scores: Float32Array;
}

/**
 * What every model can do, so that evaluators, commands and servers take any of them.
 * Users are given by their histories; a model that needs no history ignores it.
 */
export interface Recommender {
  /** Stable name of the kind of model, such as `popularity` or `two-tower`. */
  readonly kind: string;
  /** Number of items it can score. */
  readonly items: number;
  /** Learns from `interactions`: users x items, each row a history from oldest to newest. */
  fit(interactions: CsrMatrix): Promise<void> | void;
  /**
   * Scores every item for a batch of users.
   *
   * @param histories item ids of each user from oldest to newest, shape [users] of [n]
   * @param out receives users x items scores, row by row, shape [users * items]
   */
  score(histories: readonly ArrayLike<number>[], out: Float32Array): Promise<void> | void;
  /** The best `k` items of each user, those of the history left out. */
  recommend(
    histories: readonly ArrayLike<number>[],
    k: number,
  ): Promise<Recommendations[]> | Recommendations[];
  /** Writes the model into a folder that exists. */
  save(folder: string): Promise<void>;
}
