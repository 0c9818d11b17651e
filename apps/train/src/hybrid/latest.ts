import type { CsrMatrix } from '@towerkit/core';
import { Matrix } from '@towerkit/core';
import type { RowInput } from '@towerkit/training';

/** Writes features of the products somebody took last, the newest first, where `to` holds zeros. */
function fillLatest(products: Matrix, history: ArrayLike<number>, latest: number, to: Float32Array): void {
  for (let age = 0; age < Math.min(latest, history.length); age++)
    to.set(products.row(history[history.length - 1 - age]), age * products.cols);
}

/**
 * Features of the products that some users took last, the newest first; zeros where there were fewer.
 *
 * @param products [items, width]
 * @param histories items of each user, oldest first
 * @returns [users, latest * width]
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

/** The same of the users of training rows, made as a batch asks for it: of all rows it would fill the memory. */
export function latestRows(products: Matrix, histories: CsrMatrix, latest: number): RowInput {
  const width = latest * products.cols;
  return {
    width,
    gather(rows, count, out) {
      out.fill(0, 0, count * width);
      for (let place = 0; place < count; place++)
        fillLatest(
          products,
          histories.row(rows[place]),
          latest,
          out.subarray(place * width, (place + 1) * width),
        );
    },
  };
}
