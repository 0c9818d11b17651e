import type { Matrix } from '@towerkit/core';

import type { TokenBatch } from './token-batches.js';

/**
 * Row by row of a batch the mean of its tokens' vectors, padding left out, written to the row's place in `out`.
 *
 * @param hidden shape [batch.rows.length, batch.width, out.cols]
 */
export function meanPool(
  hidden: Float32Array,
  { rows, width }: TokenBatch,
  tokens: readonly { readonly length: number }[],
  { data, cols }: Matrix,
): void {
  for (let i = 0; i < rows.length; i++) {
    const count = tokens[rows[i]].length;
    const to = rows[i] * cols;
    for (let k = 0, from = i * width * cols; k < count; k++, from += cols)
      for (let c = 0; c < cols; c++) data[to + c] += hidden[from + c];
    const scale = 1 / count;
    for (let c = to; c < to + cols; c++) data[c] *= scale;
  }
}
