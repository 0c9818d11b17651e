import { TowerkitError, type CsrMatrix } from '@towerkit/core';

/**
 * Interactions per item, those older than `window` left out, the others worth 2^(-age / halfLife), where the age is
 * that before the newest of all.
 *
 * @param times of each entry, shape [entries]
 */
export function decayedCounts(
  { rows, cols, indptr, indices }: CsrMatrix,
  times: ArrayLike<number>,
  window = Infinity,
  halfLife = Infinity,
): Float32Array {
  if (times.length !== indices.length)
    throw new TowerkitError('SHAPE_MISMATCH', `${indices.length} interactions but ${times.length} times`);
  let newest = -Infinity;
  for (let row = 0; row < rows; row++)
    for (let k = indptr[row]; k < indptr[row + 1]; k++) {
      if (!Number.isFinite(times[k]))
        throw new TowerkitError('BAD_VALUE', `row ${row}: the time of item ${indices[k]} is ${times[k]}`, {
          details: { row, column: indices[k], value: times[k] },
        });
      newest = Math.max(newest, times[k]);
    }
  const counts = new Float64Array(cols);
  for (let k = 0; k < indices.length; k++) {
    const age = newest - times[k];
    if (age <= window) counts[indices[k]] += 2 ** (-age / halfLife);
  }
  return Float32Array.from(counts);
}
