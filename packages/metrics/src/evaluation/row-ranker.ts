import { countAtLeast } from './count-at-least.js';
import type { CsrRows } from './csr-rows.js';
import { nonFiniteScore } from './non-finite-score.js';
import type { RankTableBuilder } from './rank-table.js';
import type { Repeats } from './target-rules.js';
import { EXCLUDED, LOSES_TIES, PLAIN, selectTopK } from './top-k.js';

/**
 * Ranks one user's targets in a row of scores: the i-th best target has rank i + the number of other ranked items that
 * score as much or more. So a tie counts against the target, and a target never stands in another's way twice. No sort
 * of the row is needed.
 */
export class RowRanker {
  /** What each item is to the current user, shape [items]. */
  readonly roles: Uint8Array;
  /** Items of the current user's history, each once, where they make a difference; the first `ownCount` count. */
  readonly own: Int32Array;
  ownCount = 0;
  /** The current user's targets, in order of score once {@link order} was called. */
  targets: Int32Array = new Int32Array(0);

  constructor(
    readonly items: number,
    readonly histories: CsrRows,
    readonly repeats: Repeats = 'exclude',
  ) {
    this.roles = new Uint8Array(items).fill(this.#resting);
    this.own = new Int32Array(repeats === 'allow' ? 0 : items);
  }

  /** Number of items that the current user's ranking has, targets included. */
  get candidates(): number {
    const { items, ownCount, repeats } = this;
    return repeats === 'only' ? ownCount : items - ownCount;
  }

  /** What an item is that the current user has nothing to do with. */
  get #resting(): number {
    return this.repeats === 'only' ? EXCLUDED : PLAIN;
  }

  /** Takes up a user; {@link leave} must follow. */
  enter(user: number, targets: Int32Array): void {
    const { indptr, indices } = this.histories;
    this.ownCount = 0;
    if (this.repeats !== 'allow') {
      const role = this.repeats === 'only' ? PLAIN : EXCLUDED;
      for (let i = indptr[user]; i < indptr[user + 1]; i++) {
        const item = indices[i];
        if (item < 0 || this.roles[item] === role) continue;
        this.roles[item] = role;
        this.own[this.ownCount++] = item;
      }
    }
    this.targets = targets;
    for (let i = 0; i < targets.length; i++) this.roles[targets[i]] = LOSES_TIES;
  }

  /** Forgets the user. */
  leave(): void {
    const resting = this.#resting;
    for (let i = 0; i < this.ownCount; i++) this.roles[this.own[i]] = resting;
    for (let i = 0; i < this.targets.length; i++) this.roles[this.targets[i]] = resting;
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
   * Pushes the ranks of the targets, ascending, until one is below `depth`, and ends the user.
   *
   * @param missed targets that are no items: they have no rank
   * @throws TowerkitError `NON_FINITE_SCORE` naming user and item
   */
  rank(
    scores: Float32Array,
    row: number,
    user: number,
    depth: number,
    table: RankTableBuilder,
    missed = 0,
  ): void {
    const { items, targets, own, ownCount, repeats } = this;
    if (targets.length === 0 && countAtLeast(scores, row, row + items, 0) < 0)
      throw nonFiniteScore(scores, row, items, user);
    if (targets.length > 1) this.order(scores, row);
    for (let i = 0, better = 0; i < targets.length; i++) {
      const threshold = scores[row + targets[i]];
      const all = countAtLeast(scores, row, row + items, threshold);
      if (all < 0) throw nonFiniteScore(scores, row, items, user);
      let ofOwn = 0;
      for (let j = 0; j < ownCount; j++) ofOwn += +(scores[row + own[j]] >= threshold);
      const count = repeats === 'only' ? ofOwn : all - ofOwn;
      while (better < targets.length && scores[row + targets[better]] >= threshold) better++;
      const rank = count - better + i + 1;
      table.push(rank);
      if (rank > depth) break;
    }
    table.close(targets.length, this.candidates, missed);
  }

  /** Writes the user's best `k` items, targets losing every tie, to `out` at `at`; -1 where none is left. */
  list(scores: Float32Array, row: number, out: Int32Array, at: number, k: number): void {
    selectTopK(scores, row, this.roles, out, at, k);
  }
}
