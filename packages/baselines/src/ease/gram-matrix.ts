import type { CsrMatrix } from '@towerkit/core';

/**
 * The lower triangle of X'X + ridge I into `out`, a row every `stride` floats, which must be zeros. Takes the sum of
 * the squares of the rows' lengths.
 *
 * @param columns X by columns: the transpose
 * @param step called after each row of the result; may return something to wait for
 */
export async function gramMatrix(
  rows: CsrMatrix,
  columns: CsrMatrix,
  ridge: number,
  out: Float32Array,
  stride: number,
  step: (done: number) => Promise<void> | undefined,
): Promise<void> {
  for (let item = 0; item < columns.rows; item++) {
    const target = out.subarray(item * stride, item * stride + item + 1);
    for (let k = columns.indptr[item]; k < columns.indptr[item + 1]; k++) {
      const user = columns.indices[k];
      const value = columns.values ? columns.values[k] : 1;
      for (let l = rows.indptr[user]; l < rows.indptr[user + 1] && rows.indices[l] <= item; l++)
        target[rows.indices[l]] += value * (rows.values ? rows.values[l] : 1);
    }
    target[item] += ridge;
    const wait = step(item + 1);
    if (wait) await wait;
  }
}
