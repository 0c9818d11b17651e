import { CsrMatrix } from '@towerkit/core';
import { GroupedTargets } from '@towerkit/sampling';

import type { Examples } from '../examples.js';
import type { Bucket } from './buckets.js';
import type { Sequences } from './sequences.js';

/** How often each item is a target of a sequence: [items]. */
export function targetCounts(
  { first, asked }: Sequences,
  { items }: Pick<Examples, 'items'>,
  size: number,
): Int32Array {
  const counts = new Int32Array(size);
  for (let s = 0; s < first.length; s++)
    for (let e = first[s]; e < first[s] + asked[s]; e++) counts[items[e]]++;
  return counts;
}

/**
 * What the targets of a batch bring into its candidates, bucket by bucket. A batch is made of sequences of one bucket, and
 * short histories hold other items than long ones, so a bucket has counts of its own; and a sequence brings all of its
 * targets at once, so they count sequences and not positions.
 */
export function bucketTargets(
  buckets: readonly Bucket[],
  { first, asked }: Sequences,
  { items }: Pick<Examples, 'items'>,
  size: number,
): GroupedTargets[] {
  const lastSequence = new Int32Array(size).fill(-1);
  return buckets.map(({ members }) => {
    const counts = new Int32Array(size);
    for (const s of members)
      for (let e = first[s]; e < first[s] + asked[s]; e++) {
        if (lastSequence[items[e]] === s) continue;
        lastSequence[items[e]] = s;
        counts[items[e]]++;
      }
    return new GroupedTargets(counts, members.length);
  });
}

/** What each user has had or is known to take, users x items: no negatives of theirs. */
export function knownItems(
  histories: CsrMatrix,
  { users, items }: Pick<Examples, 'users' | 'items'>,
): CsrMatrix {
  const { rows, cols } = histories;
  const lists: ArrayLike<number>[] = [];
  for (let user = 0, e = 0; user < rows; user++) {
    const own = Array.from(histories.row(user));
    for (; e < users.length && users[e] === user; e++) own.push(items[e]);
    lists.push(own);
  }
  return CsrMatrix.fromRows(lists, cols);
}
