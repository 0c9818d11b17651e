import { TowerkitError, type Matrix, type Rng } from '@towerkit/core';

import { adamStep, momentsOf, type AdamSettings, type Moments } from '../optimizer/adam.js';

/**
 * A vocabulary x dimension table of trainable rows that lives on the host. A step reads and updates the rows
 * its batch touches and no others, so its cost follows the batch and not the catalog.
 */
export class EmbeddingTable {
  readonly state: Moments;

  /**
   * @param rows size of the vocabulary
   * @param dimension width of a row
   * @param values starting values, [rows * dimension]; kept, not copied
   */
  constructor(
    readonly rows: number,
    readonly dimension: number,
    values: Float32Array = new Float32Array(rows * dimension),
  ) {
    if (values.length !== rows * dimension)
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `a ${rows} x ${dimension} table needs ${rows * dimension} values, got ${values.length}`,
      );
    this.state = momentsOf(values);
  }

  /** A table of normal draws. */
  static random(rows: number, dimension: number, stddev: number, rng: Rng): EmbeddingTable {
    const table = new EmbeddingTable(rows, dimension);
    if (stddev > 0) for (let i = 0; i < rows * dimension; i++) table.values[i] = stddev * rng.normal();
    return table;
  }

  /** A table that starts from a matrix [rows, dimension], copied, such as the factors of another model. */
  static from(matrix: Matrix): EmbeddingTable {
    return new EmbeddingTable(matrix.rows, matrix.cols, matrix.data.slice());
  }

  get values(): Float32Array {
    return this.state.values;
  }

  /**
   * Copies rows into a batch.
   *
   * @param ids rows wanted; the first `count` are read
   * @param out receives [count, dimension]
   */
  gather(ids: Int32Array, count: number, out: Float32Array): void {
    const { dimension, values } = this;
    for (let row = 0; row < count; row++) {
      const from = ids[row] * dimension;
      const to = row * dimension;
      for (let i = 0; i < dimension; i++) out[to + i] = values[from + i];
    }
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
    const { dimension, state } = this;
    for (let row = 0; row < count; row++)
      adamStep(state, ids[row] * dimension, gradient, row * dimension, dimension, step, learningRate, settings);
  }
}
