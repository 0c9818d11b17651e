import type { Rng } from '@towerkit/core';

import type { ChoiceModel } from './choice.js';

/** Items of a block. */
const BLOCK = 32;

/** Sums of somebody's weights where nothing was bought yet, which every draw of theirs starts from. */
export interface BlockSums {
  /** Weight of every item under the tastes, shape [items]. */
  readonly taste: Float64Array;
  /** Of each block, shape [blocks], and of each shelf in it, shape [blocks, shelves]. */
  readonly blocks: Float64Array;
  readonly shelves: Float64Array;
}

/**
 * Draws next items by a {@link ChoiceModel} without weighing every item anew: a purchase changes the weights of two
 * departments and of few items, so sums of blocks are kept, and one block alone is gone through. The same item comes out as
 * from all weights in their order, but for the last bits of a sum.
 */
export class BlockDraw {
  readonly #choice: ChoiceModel;
  readonly #shelf: Uint8Array;
  readonly #shelves: number;
  readonly #sums: Float64Array;

  /**
   * @param shelf the shelf of each item, shape [items]
   * @param shelves how many there are
   */
  constructor(choice: ChoiceModel, shelf: Uint8Array, shelves: number) {
    this.#choice = choice;
    this.#shelf = shelf;
    this.#shelves = shelves;
    this.#sums = new Float64Array(Math.ceil(shelf.length / BLOCK));
  }

  /** @param taste weight of every item before any purchase, shape [items] */
  sumsOf(taste: Float64Array): BlockSums {
    const plain = this.#choice.plain;
    const blocks = new Float64Array(this.#sums.length);
    const shelves = new Float64Array(blocks.length * this.#shelves);
    for (let i = 0; i < taste.length; i++) {
      const weight = taste[i] * plain[i];
      const block = (i / BLOCK) | 0;
      blocks[block] += weight;
      shelves[block * this.#shelves + this.#shelf[i]] += weight;
    }
    return { taste, blocks, shelves };
  }

  /**
   * One item, by one uniform number.
   *
   * @param history items bought, oldest first; they are not drawn
   */
  draw(rng: Rng, { taste, blocks, shelves }: BlockSums, history: ArrayLike<number>): number {
    const [plain, shelf, sums] = [this.#choice.plain, this.#shelf, this.#sums];
    return this.#choice.after(history, (factor, ofShelf, changed) => {
      sums.set(blocks);
      for (let s = 0; s < ofShelf.length; s++) {
        if (ofShelf[s] === 1) continue;
        for (let b = 0; b < sums.length; b++) sums[b] += (ofShelf[s] - 1) * shelves[b * this.#shelves + s];
      }
      for (const i of changed) sums[(i / BLOCK) | 0] += taste[i] * ofShelf[shelf[i]] * (factor[i] - plain[i]);
      let total = 0;
      for (let b = 0; b < sums.length; b++) total += sums[b];
      let left = rng.uniform() * total;
      let last = 0;
      for (let b = 0; b < sums.length; b++) {
        if (left >= sums[b] && b < sums.length - 1) {
          left -= sums[b];
          continue;
        }
        const end = Math.min(taste.length, (b + 1) * BLOCK);
        for (let i = b * BLOCK; i < end; i++) {
          const weight = taste[i] * ofShelf[shelf[i]] * factor[i];
          if (weight === 0) continue;
          left -= weight;
          if (left < 0) return i;
          last = i;
        }
      }
      return last; // rounding left a crumb beyond the end
    });
  }
}
