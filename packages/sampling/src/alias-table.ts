import type { Rng } from '@towerkit/core';

import { normalize } from './normalize.js';

/** Draws in one go of {@link AliasTable.drawMany}. */
const BLOCK = 256;

/**
 * Draws from any discrete distribution in O(1): each of the `size` cells holds one item up to a threshold and
 * one other above it (Walker 1977; built in O(size) as in Vose 1991).
 *
 * @example
 * ```ts
 * const table = new AliasTable([1, 2, 7]);
 * table.draw(new Rng(1)); // 2, seven times of ten
 * ```
 */
export class AliasTable {
  readonly size: number;
  /** Threshold and (alias - cell) side by side: a draw touches one cache line. Shape [size, 2]. */
  readonly #cells: Float64Array;
  readonly #heights = new Float64Array(BLOCK);

  /**
   * @param weights non-negative and finite, at least one positive, shape [size]; they need not sum to 1
   * @throws TowerkitError `BAD_WEIGHTS`
   */
  constructor(weights: ArrayLike<number>) {
    const share = normalize(weights); // of its own cell's height, once multiplied by the size
    const size = (this.size = share.length);
    const cells = (this.#cells = new Float64Array(2 * size));
    const pending = new Int32Array(size); // cells too low from the left, too high from the right
    let low = 0;
    let high = size;
    for (let i = 0; i < size; i++) {
      share[i] *= size;
      if (share[i] < 1) pending[low++] = i;
      else pending[--high] = i;
    }
    while (low > 0 && high < size) {
      const poor = pending[--low];
      const rich = pending[high];
      cells[2 * poor] = share[poor];
      cells[2 * poor + 1] = rich - poor;
      share[rich] -= 1 - share[poor];
      if (share[rich] < 1) {
        high++;
        pending[low++] = rich;
      }
    }
    // What rounding left on either side is full but for about 1e-16.
    while (low > 0) fill(cells, pending[--low]);
    while (high < size) fill(cells, pending[high++]);
  }

  /** Draws an index; two numbers of `rng` are taken. */
  draw(rng: Rng): number {
    const item = rng.integer(this.size);
    const above = 1 + Math.floor(rng.uniform() - this.#cells[2 * item]); // 0 below the threshold, else 1
    return item + above * this.#cells[2 * item + 1];
  }

  /**
   * Writes draws to `out[from .. to)`, the same ones that as many calls of {@link draw} would give. The random
   * numbers come first and the cells after them, so that the cache misses of a large table overlap.
   */
  drawMany(rng: Rng, out: Int32Array, from: number, to: number): void {
    const cells = this.#cells;
    const heights = this.#heights;
    for (let start = from; start < to; start += BLOCK) {
      const end = Math.min(to, start + BLOCK);
      for (let n = start; n < end; n++) {
        out[n] = rng.integer(this.size);
        heights[n - start] = rng.uniform();
      }
      for (let n = start; n < end; n++) {
        const item = out[n];
        const above = 1 + Math.floor(heights[n - start] - cells[2 * item]);
        out[n] = item + above * cells[2 * item + 1];
      }
    }
  }
}

function fill(cells: Float64Array, item: number): void {
  cells[2 * item] = 1;
}
