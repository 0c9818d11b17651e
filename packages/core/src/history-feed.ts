import type { Matrix } from './matrix.js';

/**
 * Histories as the user tower reads them when it serves: item vectors, right-padded with zeros, oldest first.
 *
 * @param histories item ids of each user from oldest to newest; the last `steps` of them count
 * @param vectors receives [rows, steps, width], `rows` at least the number of histories
 * @param mask receives 1 for an item and 0 for padding, [rows, steps]
 * @param more vectors of further items, [n, width]: ids from the number of item vectors on
 */
export function fillHistories(
  histories: readonly ArrayLike<number>[],
  itemVectors: Matrix,
  steps: number,
  vectors: Float32Array,
  mask: Float32Array,
  more?: Matrix,
): void {
  const { rows: known, cols: width } = itemVectors;
  vectors.fill(0);
  mask.fill(0);
  histories.forEach((history, row) => {
    const skip = Math.max(0, history.length - steps);
    for (let t = 0; t < history.length - skip; t++) {
      const item = history[skip + t];
      const { data } = item < known ? itemVectors : more!;
      const from = (item < known ? item : item - known) * width;
      const to = (row * steps + t) * width;
      for (let i = 0; i < width; i++) vectors[to + i] = data[from + i];
      mask[row * steps + t] = 1;
    }
  });
}
