import { type Matrix, TowerkitError } from '@towerkit/core';

import { GEMM_PANEL, GEMM_ROWS } from './block-sizes.js';
import { gemm, packedSize } from './gemm.js';
import type { KernelPool } from './kernel-pool.js';
import { Turns } from './turns.js';

/** Scores kept in the pool's memory at a time: 64 MiB. */
const CHUNK = 2 ** 24;

/**
 * Scores of users for all items by the dot product of their vectors, in batches. The item vectors are packed once into
 * the pool's memory, where they stay: make it outside of `mark()` and `release()`.
 *
 * @example
 * ```ts
 * const scores = new DotScores(pool, itemVectors); // items x dimensions
 * await scores.score(userVectors, out); // out: users x items
 * ```
 */
export class DotScores {
  readonly items: number;
  readonly dimensions: number;

  readonly #pool: KernelPool;
  readonly #packed: Float32Array;
  readonly #rows: number;
  readonly #vectors: Float32Array;
  readonly #scores: Float32Array;
  readonly #turns = new Turns();

  /** @param vectors one row per item; copied */
  constructor(pool: KernelPool, vectors: Matrix) {
    const { rows: items, cols: dimensions } = vectors;
    this.#pool = pool;
    this.items = items;
    this.dimensions = dimensions;
    this.#rows = Math.max(8, Math.min(8 * GEMM_ROWS, Math.floor(CHUNK / Math.max(1, items))));
    this.#packed = pool.memory.floats(packedSize(items, dimensions));
    this.#vectors = pool.memory.floats(this.#rows * dimensions);
    this.#scores = pool.memory.floats(this.#rows * items);
    pack(vectors, this.#packed);
  }

  /**
   * out[u * items + i] = the product of vector u and that of item i. Calls are served in turn.
   *
   * @param users vectors, shape [users * dimensions], or a Matrix of that
   * @param out shape [users * items]
   * @throws TowerkitError `SHAPE_MISMATCH`
   */
  async score(users: Matrix | Float32Array, out: Float32Array): Promise<void> {
    const vectors = 'data' in users ? users.data : users;
    const { items, dimensions } = this;
    const count = dimensions === 0 ? 0 : vectors.length / dimensions;
    if (
      ('data' in users && users.cols !== dimensions) ||
      !Number.isInteger(count) ||
      out.length !== count * items
    )
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `${vectors.length} values are not vectors of ${dimensions} with ${items} scores each in ${out.length}`,
      );
    return this.#turns.take(() => this.#score(vectors, count, out));
  }

  async #score(vectors: Float32Array, count: number, out: Float32Array): Promise<void> {
    const { items: n, dimensions: k } = this;
    for (let from = 0; from < count; from += this.#rows) {
      const m = Math.min(this.#rows, count - from);
      this.#vectors.set(vectors.subarray(from * k, (from + m) * k));
      await this.#pool.run(gemm({ m, n, k, a: this.#vectors, packed: this.#packed, c: this.#scores }));
      out.set(this.#scores.subarray(0, m * n), from * n);
    }
  }
}

/** As `gemmPack`, on the host: a kernel would need a second copy in the pool's memory. */
function pack({ rows, cols, data }: Matrix, packed: Float32Array): void {
  for (let row = 0; row < rows; row++) {
    const lane = row % GEMM_PANEL;
    const panel = (row - lane) * cols + lane;
    for (let i = 0; i < cols; i++) packed[panel + i * GEMM_PANEL] = data[row * cols + i];
  }
  const last = rows % GEMM_PANEL;
  if (last > 0)
    for (let i = 0; i < cols; i++)
      for (let lane = last; lane < GEMM_PANEL; lane++)
        packed[(rows - last) * cols + i * GEMM_PANEL + lane] = 0;
}
