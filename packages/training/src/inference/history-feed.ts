import type { Matrix } from '@towerkit/core';

/**
 * Histories as the user tower reads them when it serves: item vectors, right-padded with zeros, oldest first.
 *
 * @param histories item ids of each user from oldest to newest; the last `steps` of them count
 * @param vectors receives [rows, steps, width], `rows` at least the number of histories
 * @param mask receives 1 for an item and 0 for padding, [rows, steps]
 */
export function fillHistories(
  histories: readonly ArrayLike<number>[],
  itemVectors: Matrix,
  steps: number,
  vectors: Float32Array,
  mask: Float32Array,
): void {
  const { cols: width, data } = itemVectors;
  vectors.fill(0);
  mask.fill(0);
  histories.forEach((history, row) => {
    const skip = Math.max(0, history.length - steps);
    for (let t = 0; t < history.length - skip; t++) {
      const from = history[skip + t] * width;
      const to = (row * steps + t) * width;
      for (let i = 0; i < width; i++) vectors[to + i] = data[from + i];
      mask[row * steps + t] = 1;
    }
  });
}
