import { Matrix } from '@towerkit/core';

/** Writes features of the products somebody took last, the newest first, where `to` holds zeros. */
export function fillLatest(
  products: Matrix,
  history: ArrayLike<number>,
  latest: number,
  to: Float32Array,
): void {
  for (let age = 0; age < Math.min(latest, history.length); age++)
    to.set(products.row(history[history.length - 1 - age]), age * products.cols);
}

/**
 * Features of the products that some users took last, the newest first; zeros where there were fewer.
 *
 * @param products [items, dimensions]
 * @param histories items of each user, oldest first
 * @returns [users, latest * dimensions]
 */
export function latestProducts(
  products: Matrix,
  histories: readonly ArrayLike<number>[],
  latest: number,
): Matrix {
  const out = new Matrix(histories.length, latest * products.cols);
  histories.forEach((history, row) => fillLatest(products, history, latest, out.row(row)));
  return out;
}
