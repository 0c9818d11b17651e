import type { CsrMatrix, Matrix } from '@towerkit/core';

import type { BprWeights } from './bpr-training.js';

/** Adds `scale` times the sum of a history's item vectors over the root of its length to `out`. */
export function foldIn(
  { data, cols }: Matrix,
  scale: number,
  history: ArrayLike<number>,
  out: Float32Array | Float64Array,
): void {
  const weight = scale / Math.sqrt(Math.max(1, history.length));
  for (let k = 0; k < history.length; k++)
    for (let i = 0; i < cols; i++) out[i] += weight * data[history[k] * cols + i];
}

/**
 * The scale with which {@link foldIn} comes closest to the learned vectors of the known users, in the least squares:
 * the sum of x . p over that of x . x.
 *
 * @param interactions distinct items of the known users
 */
export function foldInScale(interactions: CsrMatrix, { users, items }: BprWeights): number {
  const x = new Float64Array(items.cols);
  let [products, squares] = [0, 0];
  for (let user = 0; user < users.rows; user++) {
    x.fill(0);
    foldIn(items, 1, interactions.row(user), x);
    for (let i = 0; i < x.length; i++) {
      products += x[i] * users.data[user * x.length + i];
      squares += x[i] * x[i];
    }
  }
  return squares === 0 ? 0 : products / squares;
}
