import { TowerkitError, type Rng } from '@towerkit/core';

import { normalize } from './normalize.js';
import type { Proposal } from './proposal.js';

/** Below this, 1 - (the history's mass) has lost too many digits and is summed over the other items instead. */
const SMALL = 1e-6;

/**
 * A proposal that never draws the items of a history, renormalised exactly: q(i) / (1 - sum over the history's
 * distinct items of q(j)) outside of it and 0 inside.
 *
 * It draws by rejection. Once that has cost as much as looking at every item would, it looks at every item,
 * once, and draws from those that are left: so it ends even when a history covers nearly everything.
 *
 * A workspace: {@link exclude} sets another history in O(its length), without allocation.
 */
export class Excluding implements Proposal {
  readonly size: number;
  readonly #proposal: Proposal;
  /** `#round` marks the items of the present history, shape [size]. */
  readonly #marks: Int32Array;
  #round = 0;
  #rest = 1;
  #rejections = 0;
  #left: { items: Int32Array; ends: Float64Array } | undefined;

  constructor(proposal: Proposal) {
    this.#proposal = proposal;
    this.size = proposal.size;
    this.#marks = new Int32Array(proposal.size);
    this.exclude([]);
  }

  /**
   * Forgets the history before and excludes these items.
   *
   * @param history item ids in any order, repeats allowed
   * @param from where to start in `history`, with `to` a way to pass a row of a CSR matrix without a view
   * @param to where to end, exclusive
   * @throws TowerkitError `OUT_OF_RANGE` for an item outside [0, size), `NO_NEGATIVES` when nothing is left
   */
  exclude(history: ArrayLike<number>, from = 0, to = history.length): this {
    if (this.#round === 0x7fffffff) {
      this.#marks.fill(0);
      this.#round = 0;
    }
    const round = ++this.#round;
    let mass = 0;
    for (let k = from; k < to; k++) {
      const item = history[k];
      if (!(item >= 0 && item < this.size))
        throw new TowerkitError('OUT_OF_RANGE', `item ${item} is outside [0, ${this.size})`, {
          details: { index: k, item },
        });
      if (this.#marks[item] === round) continue;
      this.#marks[item] = round;
      mass += this.#proposal.probability(item);
    }
    this.#rest = 1 - mass;
    this.#rejections = 0;
    this.#left = undefined;
    if (this.#rest < SMALL) this.#enumerate();
    return this;
  }

  probability(item: number): number {
    return this.#marks[item] === this.#round ? 0 : this.#proposal.probability(item) / this.#rest;
  }

  logProbability(item: number): number {
    if (this.#marks[item] === this.#round) return -Infinity;
    return this.#proposal.logProbability(item) - Math.log(this.#rest);
  }

  draw(rng: Rng): number {
    while (this.#left === undefined) {
      const item = this.#proposal.draw(rng);
      if (this.#marks[item] !== this.#round) return item;
      if (++this.#rejections > this.size) this.#enumerate();
    }
    const { items, ends } = this.#left;
    const point = rng.uniform();
    let low = 0;
    let high = items.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (point < ends[middle]) high = middle;
      else low = middle + 1;
    }
    return items[low];
  }

  #enumerate(): void {
    const items: number[] = [];
    const weights: number[] = [];
    let rest = 0;
    for (let item = 0; item < this.size; item++) {
      const weight = this.#marks[item] === this.#round ? 0 : this.#proposal.probability(item);
      if (weight === 0) continue;
      items.push(item);
      weights.push(weight);
      rest += weight;
    }
    if (items.length === 0)
      throw new TowerkitError('NO_NEGATIVES', 'the history covers every item that could be drawn', {
        hint: 'leave this user out, or draw from more items (smoothing, a uniform part)',
      });
    this.#rest = rest;
    const ends = normalize(weights);
    for (let k = 1; k < ends.length; k++) ends[k] += ends[k - 1];
    this.#left = { items: Int32Array.from(items), ends };
  }
}
