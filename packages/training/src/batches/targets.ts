import type { CsrMatrix } from '@towerkit/core';
import { GroupedTargets } from '@towerkit/sampling';

import type { Bucket } from './buckets.js';
import type { Sequences } from './sequences.js';

/** How often each item is a target: [items]. */
export function targetCounts({ start, length }: Sequences, { indices, cols }: CsrMatrix): Int32Array {
  const counts = new Int32Array(cols);
  for (let s = 0; s < start.length; s++)
    for (let k = start[s] + 1; k <= start[s] + length[s]; k++) counts[indices[k]]++;
  return counts;
}

/**
 * What the targets of a batch bring into its candidates, bucket by bucket. A batch is made of sequences of one bucket, and
 * short histories hold other items than long ones, so a bucket has counts of its own; and a sequence brings all of its
 * targets at once, so they count sequences and not positions.
 */
export function bucketTargets(
  buckets: readonly Bucket[],
  { start, length }: Sequences,
  { indices, cols }: CsrMatrix,
): GroupedTargets[] {
  const lastSequence = new Int32Array(cols).fill(-1);
  return buckets.map(({ members }) => {
    const counts = new Int32Array(cols);
    for (const s of members)
      for (let k = start[s] + 1; k <= start[s] + length[s]; k++) {
        if (lastSequence[indices[k]] === s) continue;
        lastSequence[indices[k]] = s;
        counts[indices[k]]++;
      }
    return new GroupedTargets(counts, members.length);
  });
}
