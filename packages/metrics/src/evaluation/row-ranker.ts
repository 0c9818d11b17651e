import { countAtLeast } from './count-at-least.js';
import type { CsrRows } from './csr-rows.js';
import { nonFiniteScore } from './non-finite-score.js';
import type { RankTableBuilder } from './rank-table.js';
import { EXCLUDED, LOSES_TIES, PLAIN, selectTopK } from './top-k.js';

/**
 * Ranks one user's targets in a row of scores: the i-th best target has rank i + the number of other items, not in
 * the history, that score as much or more. So a tie counts against the target, and a target never stands in
 * another's way twice. No sort of the row is needed.
 */
export class RowRanker {
  /** What each item is to the current user, shape [items]. */
  readonly roles: Uint8Array;
  /** Items of the current user's history, each once; the first `removedCount` count. */
  readonly removed: Int32Array;
  removedCount = 0;
  /** The current user's targets, in order of score once {@link order} was called. */
  targets: Int32Array = new Int32Array(0);

  constructor(
    readonly items: number,
    readonly histories: CsrRows,
  ) {
    this.roles = new Uint8Array(items);
    this.removed = new Int32Array(items);
  }

  /** Takes up a user; {@link leave} must follow. */
  enter(user: number, targets: Int32Array): void {
    const { indptr, indices } = this.histories;
    this.removedCount = 0;
    for (let i = indptr[user]; i < indptr[user + 1]; i++) {
      const item = indices[i];
      if (item < 0 || this.roles[item] === EXCLUDED) continue;
      this.roles[item] = EXCLUDED;
      this.removed[this.removedCount++] = item;
    }
    this.targets = targets;
    for (let i = 0; i < targets.length; i++) this.roles[targets[i]] = LOSES_TIES;
  }

  /** Forgets the user. */
  leave(): void {
    for (let i = 0; i < this.removedCount; i++) this.roles[this.removed[i]] = PLAIN;
    for (let i = 0; i < this.targets.length; i++) this.roles[this.targets[i]] = PLAIN;
  }

  /** Sorts the targets by falling score, in place; insertion, since there are few. */
  order(scores: Float32Array, row: number): void {
    const { targets } = this;
    for (let i = 1; i < targets.length; i++) {
      const item = targets[i];
      let place = i;
      for (; place > 0 && scores[row + targets[place - 1]] < scores[row + item]; place--)
        targets[place] = targets[place - 1];
      targets[place] = item;
    }
  }

  /**
   * Pushes the ranks of the targets, ascending, until one is below `depth`.
   *
   * @throws TowerkitError `NON_FINITE_SCORE` naming user and item
   */
  rank(scores: Float32Array, row: number, user: number, depth: number, table: RankTableBuilder): void {
    const { items, targets, removed, removedCount } = this;
    if (targets.length > 1) this.order(scores, row);
    for (let i = 0, better = 0; i < targets.length; i++) {
      const threshold = scores[row + targets[i]];
      let count = countAtLeast(scores, row, row + items, threshold);
      if (count < 0) throw nonFiniteScore(scores, row, items, user);
      for (let j = 0; j < removedCount; j++) count -= +(scores[row + removed[j]] >= threshold);
      while (better < targets.length && scores[row + targets[better]] >= threshold) better++;
      const rank = count - better + i + 1;
      table.push(rank);
      if (rank > depth) break;
    }
    table.close(targets.length, items - removedCount);
  }

  /** Writes the user's best `k` items, targets losing every tie, to `out` at `at`; -1 where none is left. */
  list(scores: Float32Array, row: number, out: Int32Array, at: number, k: number): void {
    selectTopK(scores, row, this.roles, out, at, k);
  }
}
