import type { CsrMatrix } from './csr-matrix.js';
import type { ItemId } from './ids.js';
import type { Matrix } from './matrix.js';
import type { OnProgress } from './progress.js';

/** The best items of one user, best first. */
export interface Recommendations {
  /** Dense item ids, shape [k] or fewer when fewer are left. */
  readonly items: Int32Array;
  /** Their scores, same shape, non-increasing. */
  readonly scores: Float32Array;
}

/** One item of a history and what it adds to the score of another. */
export interface Reason {
  readonly item: ItemId;
  readonly weight: number;
}

/** How a fit reports and how it is stopped. */
export interface FitOptions {
  readonly onProgress?: OnProgress;
  /** Stops the fit between two steps; it then throws the signal's reason, and the model is as it was before. */
  readonly signal?: AbortSignal;
}

/** Scores that are products of a user's vector and an item's. */
export interface VectorScores {
  /** One row per item, shape [items, dimensions]. */
  readonly items: Matrix;
  /** Vectors of users, who are told as `Recommender.score` is told of them, shape [users, dimensions]. */
  users(histories: readonly ArrayLike<number>[], users?: ArrayLike<number>): Promise<Matrix> | Matrix;
}

/**
 * What every model can do, so that evaluators, commands and servers take any of them.
 *
 * Users are given by their histories. A model that learns something of each user beside may be told who they are;
 * one that needs no history ignores it.
 */
export interface Recommender {
  /** Stable name of the kind of model, such as `popularity` or `two-tower`. */
  readonly kind: string;
  /** Number of items it can score; 0 before it is fitted. */
  readonly items: number;
  /**
   * Learns from `interactions`: users x items, each row a history from oldest to newest.
   *
   * @throws TowerkitError when the data is not such that it can learn from it; the model is then as it was before
   */
  fit(interactions: CsrMatrix, options?: FitOptions): Promise<void> | void;
  /**
   * Scores every item for a batch of users; every score is finite.
   *
   * @param histories item ids of each user from oldest to newest, shape [users] of [n]
   * @param out receives users x items scores, row by row, shape [users * items]
   * @param users who they are: row numbers of the matrix that was fitted, -1 for somebody unknown, shape [users];
   *   all unknown when absent
   * @throws TowerkitError `NOT_FITTED`
   */
  score(
    histories: readonly ArrayLike<number>[],
    out: Float32Array,
    users?: ArrayLike<number>,
  ): Promise<void> | void;
  /**
   * The vectors whose products `score` gives, to score some of the items alone; absent where scores are more than that.
   *
   * @throws TowerkitError `NOT_FITTED`
   */
  readonly vectorScores?: VectorScores;
  /** The best `k` items of each user, those of the history left out. */
  recommend(
    histories: readonly ArrayLike<number>[],
    k: number,
    users?: ArrayLike<number>,
  ): Promise<Recommendations[]> | Recommendations[];
  /**
   * Which items of a history the score of `item` comes from, the weightiest first; absent where a model cannot say.
   * A negative weight speaks against the item.
   */
  explain?(history: ArrayLike<number>, item: ItemId): Promise<Reason[]> | Reason[];
  /**
   * {@link explain} of several items at once, in their order: for models where most of the work is the same for all items of
   * one history.
   */
  explainAll?(history: ArrayLike<number>, items: ArrayLike<ItemId>): Promise<Reason[][]> | Reason[][];
  /** Writes the model into a folder that exists; the class' static `load(folder)` reads it back. */
  save(folder: string): Promise<void>;
  /** Gives back threads and native memory, where it holds any; the model is of no use afterwards. */
  dispose?(): Promise<void>;
}
