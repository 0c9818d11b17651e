import { Matrix } from '@towerkit/core';
import { FlatScan } from '@towerkit/kernels';

/** Queries at a time. */
const CHUNK = 512;

/**
 * The items nearest to each item by cosine, itself left out; of equal ones the smaller id first.
 *
 * @param vectors [items, dimensions]
 * @param used how many of the columns count
 * @param k how many, below the number of items
 * @param barred items that are not to be found
 * @returns [items, k], -1 where there are not so many
 */
export async function nearestItems(
  vectors: Matrix,
  used: number,
  k: number,
  barred: readonly number[],
  threads?: number,
): Promise<Int32Array> {
  const { rows } = vectors;
  const directions = unitRows(vectors, used);
  const scan = new FlatScan({ dimensions: used, threads });
  try {
    await scan.append(
      directions.data,
      Int32Array.from({ length: rows }, (_, item) => item),
    );
    const mask = new Uint32Array(Math.ceil(rows / 32));
    for (let item = 0; item < rows; item++) mask[item >>> 5] |= 1 << (item & 31);
    for (const item of barred) mask[item >>> 5] &= ~(1 << (item & 31));
    const lists = new Int32Array(rows * k).fill(-1);
    for (let start = 0; start < rows; start += CHUNK) {
      const count = Math.min(CHUNK, rows - start);
      const queries = new Matrix(count, used, directions.data.slice(start * used, (start + count) * used));
      const found = await scan.searchBatch(queries, k + 1, mask);
      found.forEach(({ slots }, i) => {
        const item = start + i;
        lists.set(slots.filter((slot) => slot !== item).subarray(0, k), item * k);
      });
    }
    return lists;
  } finally {
    await scan.close();
  }
}

/** The first columns of each row, scaled to length 1; a row of zeros stays one. */
function unitRows(vectors: Matrix, used: number): Matrix {
  const out = new Matrix(vectors.rows, used);
  for (let row = 0; row < vectors.rows; row++) {
    const from = vectors.row(row).subarray(0, used);
    const length = Math.hypot(...from);
    if (length > 0) from.forEach((value, i) => (out.data[row * used + i] = value / length));
  }
  return out;
}
