import { TowerkitError, type Matrix, type Rng } from '@towerkit/core';
import { RowTable } from '@towerkit/kernels';

import type { AdamSettings } from '../optimizer/adam.js';

/**
 * A vocabulary x dimensions table of trainable rows that lives on the host. A step reads and updates the rows
 * its batch touches and no others, so its cost follows the batch and not the catalog.
 */
export class EmbeddingTable {
  readonly #rows: RowTable;

  /**
   * @param rows size of the vocabulary
   * @param dimensions width of a row
   * @param values starting values, [rows * dimensions], copied; zeros by default
   * @throws TowerkitError `SHAPE_MISMATCH` when they do not fit
   */
  constructor(
    readonly rows: number,
    readonly dimensions: number,
    values?: Float32Array,
  ) {
    if (values && values.length !== rows * dimensions)
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `a ${rows} x ${dimensions} table needs ${rows * dimensions} values, got ${values.length}`,
      );
    this.#rows = RowTable.create(rows, dimensions);
    if (values) this.#rows.values.set(values);
  }

  /** A table of normal draws. */
  static random(rows: number, dimensions: number, stddev: number, rng: Rng): EmbeddingTable {
    const table = new EmbeddingTable(rows, dimensions);
    if (stddev > 0) for (let i = 0; i < rows * dimensions; i++) table.values[i] = stddev * rng.normal();
    return table;
  }

  /** A table that starts from a matrix [rows, dimensions], such as the factors of another model. */
  static from(matrix: Matrix): EmbeddingTable {
    return new EmbeddingTable(matrix.rows, matrix.cols, matrix.data);
  }

  /** The rows, [rows * dimensions]: a view, to read and to write. */
  get values(): Float32Array {
    return this.#rows.values;
  }

  /** Adam's first moment of each value, a view. */
  get first(): Float32Array {
    return this.#rows.first;
  }

  /** Adam's second moment of each value, a view. */
  get second(): Float32Array {
    return this.#rows.second;
  }

  /**
   * Copies rows into a batch.
   *
   * @param ids rows wanted; the first `count` are read
   * @param out receives [count, dimensions]
   */
  gather(ids: Int32Array, count: number, out: Float32Array): void {
    this.#rows.gather(ids, count, out);
  }

  /**
   * Lazy Adam: one step on the given rows only. Moments of other rows do not decay, bias correction goes by the
   * global step, weight decay touches these rows only. With every row given it is plain Adam.
   *
   * @param ids rows to update, no row twice; the first `count` are used
   * @param gradient [count, dimensions]
   * @param step number of this step over the whole training, from 1
   */
  update(
    ids: Int32Array,
    count: number,
    gradient: Float32Array,
    step: number,
    learningRate: number,
    settings: AdamSettings,
  ): void {
    this.#rows.adam(ids, count, gradient, { step, learningRate, ...settings });
  }
}
