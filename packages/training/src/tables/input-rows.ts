import { type Matrix } from '@towerkit/core';

import type { AdamSettings } from '../optimizer/adam.js';
import type { EmbeddingTable } from './embedding-table.js';
import { RowSums } from './row-sums.js';

/** One declared input of a tower, as the host feeds it: rows for a list of entities, and their update. */
export interface InputRows {
  readonly dimensions: number;
  /** Copies the rows of the first `count` entities into `out`, [count, dimensions]. */
  gather(entities: Int32Array, count: number, out: Float32Array): void;
  /** Takes the gradient of those rows, [count, dimensions]; absent where nothing is trained. */
  update?(
    entities: Int32Array,
    count: number,
    gradient: Float32Array,
    step: number,
    learningRate: number,
    settings: AdamSettings,
  ): void;
}

/** Fixed values of each entity. */
export function featureRows(matrix: Matrix): InputRows {
  const { cols, data } = matrix;
  return {
    dimensions: cols,
    gather(entities, count, out) {
      for (let row = 0; row < count; row++)
        for (let i = 0, from = entities[row] * cols, to = row * cols; i < cols; i++)
          out[to + i] = data[from + i];
    },
  };
}

/** The entity's own row of a table. Item batches hold no item twice, so their gradient needs no summing. */
export function uniqueRows(table: EmbeddingTable): InputRows {
  return {
    dimensions: table.dimensions,
    gather: (entities, count, out) => table.gather(entities, count, out),
    update: (entities, count, gradient, step, rate, settings) =>
      table.update(entities, count, gradient, step, rate, settings),
  };
}

/** A row that several entities of a batch may share: picked by a code, or by a user who comes twice. */
export function sharedRows(table: EmbeddingTable, codes?: Int32Array): InputRows {
  const sums = new RowSums(table.rows, table.dimensions);
  let keys = new Int32Array(0);
  const keysOf = (entities: Int32Array, count: number) => {
    if (!codes) return entities;
    if (keys.length < count) keys = new Int32Array(count);
    for (let row = 0; row < count; row++) keys[row] = codes[entities[row]];
    return keys;
  };
  return {
    dimensions: table.dimensions,
    gather: (entities, count, out) => table.gather(keysOf(entities, count), count, out),
    update(entities, count, gradient, step, rate, settings) {
      sums.add(keysOf(entities, count), count, gradient);
      table.update(sums.rows, sums.count, sums.values, step, rate, settings);
    },
  };
}
