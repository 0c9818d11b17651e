import { TowerkitError } from '@towerkit/core';

/**
 * The chance that an item stands among the targets of the rest of a batch, where targets come in groups: a batch is
 * `m` of `n` groups (the sequences of users, say) without replacement, and a group brings all its targets or none.
 *
 * Seen from a row, m - 1 other groups come from n - 1. Of those, c hold the item, and none of the c is drawn with the
 * hypergeometric probability
 *
 *     C(n - 1 - c, m - 1) / C(n - 1, m - 1) = product over k < c of (n - m - k) / (n - 1 - k)
 *
 * - For a row that takes the item for a negative, c is the number of groups that hold it: a row's own group does not,
 *   because what the row's user has had is masked. So one number serves all rows of a batch.
 * - For a row whose target it is, the row's own group is one of them and c is less by 1.
 *
 * A workspace: {@link batchOf} sets the size of the next batch.
 *
 * @example
 * ```ts
 * const targets = new GroupedTargets(Int32Array.of(2, 1, 0), 4).batchOf(2); // two of four groups hold item 0
 * 1 - Math.exp(-targets.decay(0)); // 2 / 3: one other group of three, and two of the three hold it
 * ```
 */
export class GroupedTargets {
  readonly #counts: Int32Array;
  /** Decay by number of groups that hold an item, for the present size of batch; `#filled` of them are known. */
  #decays = new Float64Array(16);
  #filled = 1;
  #batch = 1;

  /**
   * @param counts number of groups that hold each item as a target, each at most `groups`; shape [items]
   * @param groups number of groups that batches are made of, n
   * @throws TowerkitError `BAD_OPTION` unless there is a group
   */
  constructor(
    counts: Int32Array,
    readonly groups: number,
  ) {
    if (!Number.isSafeInteger(groups) || groups < 1)
      throw new TowerkitError('BAD_OPTION', `targets come in 1 group or more, got ${groups}`);
    this.#counts = counts;
  }

  /**
   * Sets how many groups the next batch holds, m.
   *
   * @throws TowerkitError `BAD_OPTION` unless 1 <= m <= n
   */
  batchOf(batch: number): this {
    if (!(batch >= 1 && batch <= this.groups))
      throw new TowerkitError('BAD_OPTION', `a batch of ${batch} groups out of ${this.groups}`);
    if (batch !== this.#batch) {
      this.#batch = batch;
      this.#filled = 1;
    }
    return this;
  }

  /** -log of the chance that no other group of the batch holds `item`, for a row whose own group does not. */
  decay(item: number): number {
    return this.#at(this.#counts[item]);
  }

  /** The same for a row whose target it is: the row's own group is left out of the count. */
  targetDecay(item: number): number {
    return this.#at(Math.max(0, this.#counts[item] - 1));
  }

  /**
   * -log of the chance that a group is not in the batch. It stands in where neither another group nor a draw can bring
   * an item: log q would be -Infinity.
   */
  get ownDecay(): number {
    return -Math.log1p(-this.#batch / this.groups);
  }

  #at(count: number): number {
    if (count >= this.#filled) this.#fill(count);
    return this.#decays[count];
  }

  /** One logarithm for each further group: sums of logarithms lose no digits, as a quotient of factorials would. */
  #fill(count: number): void {
    if (count >= this.#decays.length) {
      const longer = new Float64Array(2 * count + 1);
      longer.set(this.#decays);
      this.#decays = longer;
    }
    const others = this.groups - 1;
    const drawn = this.#batch - 1;
    for (let c = this.#filled; c <= count; c++) {
      const left = others - (c - 1); // groups not yet ruled out; when all of them are drawn, one must hold the item
      this.#decays[c] = left > drawn ? this.#decays[c - 1] - Math.log1p(-drawn / left) : Infinity;
    }
    this.#filled = count + 1;
  }
}
