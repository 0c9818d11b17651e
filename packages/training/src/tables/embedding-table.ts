import { TowerkitError, type Matrix, type Rng } from '@towerkit/core';
import { RowTable } from '@towerkit/kernels';

import type { AdamSettings } from '../optimizer/adam.js';

/**
 * A vocabulary x dimension table of trainable rows that lives on the host. A step reads and updates the rows
 * its batch touches and no others, so its cost follows the batch and not the catalog.
 */
export class EmbeddingTable {
  readonly #rows: RowTable;

  /**
   * @param rows size of the vocabulary
   * @param dimension width of a row
   * @param values starting values, [rows * dimension], copied; zeros by default
   * @throws TowerkitError `SHAPE_MISMATCH` when they do not fit
   */
  constructor(
    readonly rows: number,
    readonly dimension: number,
    values?: Float32Array,
  ) {
    if (values && values.length !== rows * dimension)
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `a ${rows} x ${dimension} table needs ${rows * dimension} values, got ${values.length}`,
      );
    this.#rows = RowTable.create(rows, dimension);
    if (values) this.#rows.values.set(values);
  }

  /** A table of normal draws. */
  static random(rows: number, dimension: number, stddev: number, rng: Rng): EmbeddingTable {
    const table = new EmbeddingTable(rows, dimension);
    if (stddev > 0) for (let i = 0; i < rows * dimension; i++) table.values[i] = stddev * rng.normal();
    return table;
  }

  /** A table that starts from a matrix [rows, dimension], such as the factors of another model. */
  static from(matrix: Matrix): EmbeddingTable {
    return new EmbeddingTable(matrix.rows, matrix.cols, matrix.data);
  }

  /** The rows, [rows * dimension]: a view, to read and to write. */
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
   * @param out receives [count, dimension]
   */
  gather(ids: Int32Array, count: number, out: Float32Array): void {
    this.#rows.gather(ids, count, out);
  }

  /**
   * Lazy Adam: one step on the given rows only. Moments of other rows do not decay, bias correction goes by the
   * global step, weight decay touches these rows only. With every row given it is plain Adam.
   *
   * @param ids rows to update, no row twice; the first `count` are used
   * @param gradient [count, dimension]
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
