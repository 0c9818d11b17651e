import { TowerkitError } from '@towerkit/core';

import { adamFactors, type AdamStep } from './adam-factors.js';
import { copyRows } from './copy-rows.js';
import { openStore, type Backend } from './open-store.js';
import type { RowStore } from './row-store.js';

/** Options of {@link RowTable.create}. */
export interface RowTableOptions {
  /**
   * `wasm`: a WebAssembly memory and SIMD kernels. `plain`: ordinary memory and JavaScript, several times slower,
   * with the same bits in every result. `auto`, the default: `wasm`, and `plain` where the runtime has no
   * WebAssembly SIMD or the table does not fit into one memory (4 GiB with both moments).
   */
  readonly backend?: 'auto' | Backend;
}

/**
 * A rows x dimensions table of trainable weights with the two moments of Adam, of which a step reads and changes
 * the rows it is given and no others.
 *
 * @example
 * ```ts
 * const table = RowTable.create(1_000, 64);
 * table.adam(Int32Array.of(3, 9), 2, new Float32Array(2 * 64).fill(0.1), { step: 1, learningRate: 0.01 });
 * ```
 */
export class RowTable {
  readonly #store: RowStore;

  private constructor(
    readonly rows: number,
    readonly dimensions: number,
    /** Who computes. */
    readonly backend: Backend,
    store: RowStore,
  ) {
    this.#store = store;
  }

  /**
   * A table of zeros.
   *
   * @param rows at least 0
   * @param dimensions width of a row, at least 1
   * @throws TowerkitError `BAD_OPTION` for sizes that are no such integers and a backend that does not exist; `UNSUPPORTED` when `wasm` is asked for
   *   and cannot be had; `TOO_LARGE` when there is not memory enough
   */
  static create(rows: number, dimensions: number, { backend = 'auto' }: RowTableOptions = {}): RowTable {
    if (!Number.isSafeInteger(rows) || rows < 0 || !Number.isSafeInteger(dimensions) || dimensions < 1)
      throw new TowerkitError('BAD_OPTION', `a table cannot be ${rows} x ${dimensions}`);
    if (!['auto', 'wasm', 'plain'].includes(backend))
      throw new TowerkitError('BAD_OPTION', `there is no backend "${backend}"`, {
        hint: 'use auto, wasm or plain',
      });
    const opened = openStore(rows, dimensions, backend);
    return new RowTable(rows, dimensions, opened.backend, opened.store);
  }

  /**
   * The weights, [rows * dimensions]: a view that stays valid as long as the table. It may lie in a larger buffer
   * with the moments: hand on `values.slice()`, or heed `byteOffset`, where only the buffer counts.
   */
  get values(): Float32Array {
    return this.#store.values;
  }

  /** First moments, [rows * dimensions]; a view like `values`. */
  get first(): Float32Array {
    return this.#store.first;
  }

  /** Second moments, [rows * dimensions]; a view like `values`. */
  get second(): Float32Array {
    return this.#store.second;
  }

  /**
   * Copies rows into a batch.
   *
   * @param ids rows wanted, in any order and number; the first `count` are read
   * @param out receives row r at r * rowStride
   * @param rowStride from one row of `out` to the next, `dimensions` by default
   * @throws TowerkitError `OUT_OF_RANGE` for a row that does not exist; `SHAPE_MISMATCH` when `ids` or `out` is
   *   shorter than `count` asks for or `rowStride` below `dimensions`
   */
  gather(ids: Int32Array, count: number, out: Float32Array, rowStride = this.dimensions): void {
    const { dimensions } = this;
    this.#checkIds(ids, count);
    if (!Number.isSafeInteger(rowStride) || rowStride < dimensions)
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `rows of ${dimensions} values do not fit a stride of ${rowStride}`,
      );
    checkLength('out', out.length, count > 0 ? (count - 1) * rowStride + dimensions : 0);
    if (rowStride === dimensions) this.#store.gather(ids, count, out);
    else copyRows(this.values, dimensions, ids, count, out, rowStride);
  }

  /**
   * Lazy Adam: one step on the given rows only.
   *
   *     m = m + (1 - b1) (g - m)      v = v + (1 - b2) (g^2 - v)
   *     w = w - lr wd w - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)
   *
   * Moments of other rows do not decay, bias correction goes by the global step, weight decay touches these rows
   * only. With every row given it is plain Adam. All in float32; a gradient that is not finite makes its weight
   * NaN. Nothing has changed when it throws.
   *
   * @param ids rows to update, the first `count`. No row may come twice: that is not checked, and the gradients
   *   of a repeated row would make steps of their own one after the other. Sum them before.
   * @param gradient [count, dimensions]
   * @throws TowerkitError `OUT_OF_RANGE` for a row that does not exist; `SHAPE_MISMATCH` when `ids` or `gradient`
   *   is shorter than `count` asks for; `BAD_OPTION` for a step that makes no sense
   */
  adam(ids: Int32Array, count: number, gradient: Float32Array, step: AdamStep): void {
    const factors = adamFactors(step);
    this.#checkIds(ids, count);
    checkLength('gradient', gradient.length, count * this.dimensions);
    this.#store.adam(ids, count, gradient, factors);
  }

  #checkIds(ids: Int32Array, count: number): void {
    if (!Number.isSafeInteger(count) || count < 0)
      throw new TowerkitError('SHAPE_MISMATCH', `the number of rows cannot be ${count}`);
    checkLength('ids', ids.length, count);
    const { rows } = this;
    for (let i = 0; i < count; i++)
      if (ids[i] < 0 || ids[i] >= rows)
        throw new TowerkitError('OUT_OF_RANGE', `there is no row ${ids[i]} in a table of ${rows}`, {
          details: { row: ids[i], rows, position: i },
        });
  }
}

function checkLength(name: string, length: number, needed: number): void {
  if (length < needed)
    throw new TowerkitError('SHAPE_MISMATCH', `${name} has ${length} values, ${needed} are needed`, {
      details: { length, needed },
    });
}
