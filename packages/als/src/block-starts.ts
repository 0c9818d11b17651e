import { ALS_ROWS } from '@towerkit/kernels/internal';

/** Multiplications of a block: a few milliseconds, so that no thread waits long for the others at the end. */
const BUDGET = 5e6;

/**
 * Cuts rows into blocks of about the same cost, at most {@link ALS_ROWS} rows each, by the lengths of the rows alone: not
 * by the number of threads.
 *
 * @param cost multiplications that a row of n entries takes
 * @returns where each block begins, and the end: shape [blocks + 1]
 */
export function blockStarts(indptr: ArrayLike<number>, cost: (n: number) => number): Int32Array {
  const rows = indptr.length - 1;
  const starts = [0];
  let start = 0;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    if (row > start && (total >= BUDGET || row - start === ALS_ROWS)) {
      starts.push((start = row));
      total = 0;
    }
    total += cost(indptr[row + 1] - indptr[row]);
  }
  if (rows > 0) starts.push(rows);
  return Int32Array.from(starts);
}
