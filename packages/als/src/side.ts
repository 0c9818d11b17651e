import { Matrix, type CsrMatrix } from '@towerkit/core';
import type { SharedMemory } from '@towerkit/kernels/internal';

import { blockStarts } from './block-starts.js';

/** Users or items, longest rows first: their rows of the matrix and their factors, in the memory of a pool. */
export interface Side {
  readonly rows: number;
  readonly indptr: Int32Array;
  readonly indices: Int32Array;
  readonly gains: Float32Array;
  readonly lambdas: Float32Array;
  readonly starts: Int32Array;
  /** Shape [rows, width]; columns beyond the number of factors are 0. */
  readonly factors: Float32Array;
}

/** Floats of a row of factors in a pool's memory: whole panels of 8. */
export const widthOf = (factors: number): number => Math.ceil(factors / 8) * 8;

/** Copies gains, rows in order of their length, into a pool's memory, with factors of 0. */
export function side(
  memory: SharedMemory,
  { rows, indptr, indices, values }: CsrMatrix,
  width: number,
  lambdas: Float32Array,
  cost: (n: number) => number,
): Side {
  return {
    rows,
    indptr: memory.ints(indptr),
    indices: memory.ints(indices),
    gains: memory.floats(values!),
    lambdas: memory.floats(lambdas),
    starts: memory.ints(blockStarts(indptr, cost)),
    factors: memory.floats(rows * width).fill(0),
  };
}

/** Rows of `width` from vectors of fewer columns: row i is vector `order[i]`, or vector i. */
export function widen(
  { rows, cols, data }: Matrix,
  width: number,
  out: Float32Array,
  order?: Int32Array,
): void {
  for (let i = 0; i < rows; i++) {
    const row = order ? order[i] : i;
    out.set(data.subarray(row * cols, (row + 1) * cols), i * width);
  }
}

/** The opposite of {@link widen}: a copy in memory that is not shared. */
export function narrow(wide: Float32Array, width: number, cols: number, order: Int32Array): Matrix {
  const out = new Matrix(order.length, cols);
  order.forEach((row, i) => out.data.set(wide.subarray(i * width, i * width + cols), row * cols));
  return out;
}
