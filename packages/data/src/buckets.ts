import { requireCount } from '@towerkit/core';

/** How numbers fall into buckets of about equally many rows; plain JSON, so that it can be saved with a model. */
export interface BucketEncoding {
  readonly kind: 'buckets';
  /** Where buckets begin but the first, ascending: code 1 + n is of values from the n-th of them on; code 0 of missing ones. */
  readonly bounds: readonly number[];
}

/**
 * Learns buckets between quantiles. Values that many rows share may leave fewer buckets than were asked for.
 *
 * @param values numbers; null, undefined and NaN are missing
 * @param options.buckets how many, at least 2
 * @param options.rows rows to learn from, such as the items seen in training; default all
 * @throws TowerkitError `BAD_OPTION`
 * @example
 * ```ts
 * fitBuckets([1, 2, 3, 10], { buckets: 2 }).bounds; // [3]
 * ```
 */
export function fitBuckets(
  values: ArrayLike<number | null | undefined>,
  { buckets, rows }: { buckets: number; rows?: ArrayLike<number> },
): BucketEncoding {
  requireCount('buckets', buckets, 2);
  const known: number[] = [];
  const length = rows?.length ?? values.length;
  for (let k = 0; k < length; k++) {
    const value = values[rows ? rows[k] : k];
    if (value != null && !Number.isNaN(value)) known.push(value);
  }
  known.sort((a, b) => a - b);
  const bounds: number[] = [];
  for (let b = 1; b < buckets; b++) {
    const bound = known[Math.floor((b * known.length) / buckets)];
    if (bound > (bounds.at(-1) ?? known[0])) bounds.push(bound);
  }
  return { kind: 'buckets', bounds };
}

/** How many codes buckets have, that of missing values included. */
export const bucketCount = ({ bounds }: BucketEncoding): number => bounds.length + 2;

/** Codes of a column, shape [values.length], each in [0, {@link bucketCount}). */
export function encodeBuckets(
  values: ArrayLike<number | null | undefined>,
  { bounds }: BucketEncoding,
): Int32Array {
  return Int32Array.from({ length: values.length }, (_, row) => {
    const value = values[row];
    return value == null || Number.isNaN(value) ? 0 : 1 + boundsUpTo(bounds, value);
  });
}

/** Number of bounds that are not above a value. */
function boundsUpTo(bounds: readonly number[], value: number): number {
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bounds[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
