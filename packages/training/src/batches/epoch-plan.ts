import type { Rng } from '@towerkit/core';

import type { Bucket } from './buckets.js';
import type { Sequences } from './sequences.js';

/** Which sequences go into which batch of an epoch. */
export interface EpochPlan {
  /** Bucket of each batch: [batches]. */
  readonly bucket: Int32Array;
  /** Where each batch starts in `sequences`: [batches + 1]. */
  readonly offsets: Int32Array;
  /** Sequence indices, batch after batch. */
  readonly sequences: Int32Array;
}

/**
 * Shuffles each bucket, fills batches from it up to its capacity, and shuffles the batches. The same generator
 * state gives the same plan, so a run resumed in the middle of an epoch goes on where it was.
 */
export function planEpoch(buckets: readonly Bucket[], { asked }: Sequences, rng: Rng): EpochPlan {
  const batches: { bucket: number; members: Int32Array }[] = [];
  buckets.forEach(({ members, batch, positions }, bucket) => {
    const order = rng.shuffle(members.slice());
    let from = 0;
    let filled = 0;
    for (let at = 0; at < order.length; at++) {
      if (at - from === batch || filled + asked[order[at]] > positions) {
        batches.push({ bucket, members: order.subarray(from, at) });
        from = at;
        filled = 0;
      }
      filled += asked[order[at]];
    }
    batches.push({ bucket, members: order.subarray(from) });
  });
  rng.shuffle(batches);

  const offsets = new Int32Array(batches.length + 1);
  batches.forEach(({ members }, b) => (offsets[b + 1] = offsets[b] + members.length));
  const sequences = new Int32Array(offsets[batches.length]);
  batches.forEach(({ members }, b) => sequences.set(members, offsets[b]));
  return { bucket: Int32Array.from(batches, ({ bucket }) => bucket), offsets, sequences };
}
