/**
 * Scores some of the items at a time, so that a ranking can stop as soon as nothing that follows changes its metrics. For scorers
 * that can score a block for any few of the users it holds, such as products of vectors.
 */
export interface BlockScorer {
  /** Items of each block, every item in one of them. Those that rank high for many people first make it quick. */
  readonly blocks: readonly Int32Array[];
  /** How many users {@link hold} takes at most. */
  readonly users: number;
  /** How many of them {@link score} takes at most. */
  readonly rows: number;
  /** Takes up users, in place of those before; valid during the call. */
  hold(users: Int32Array): void | Promise<void>;
  /**
   * Scores a block for some of the users held.
   *
   * @param places their places in what was held; valid during the call
   * @param block place in `blocks`
   */
  score(places: Int32Array, block: number): Promise<BlockScores>;
}

/** Scores of the items of a block, valid until the next call. */
export interface BlockScores {
  /** Row by row; each begins with one score for each item of the block, in its order, all of them finite. */
  readonly scores: Float32Array;
  /** From a row to the next: at least as many as the block has items. */
  readonly stride: number;
}
