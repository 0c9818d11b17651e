import type { Sequences } from './sequences.js';

/** Sequences of like length, and the shape of the batches made of them. */
export interface Bucket {
  /** Places a sequence is padded to. */
  readonly steps: number;
  /** Sequences a batch can hold. */
  readonly batch: number;
  /** Positions (examples) a batch can hold. */
  readonly positions: number;
  /** Indices of the bucket's sequences. */
  readonly members: Int32Array;
}

const GROWTH = 1.5;

/** Upper bounds of the buckets: each at most half (or 1) longer than the one before. */
export function bucketBounds(maxLength: number): number[] {
  const bounds: number[] = [];
  for (let bound = 1; bound < maxLength; bound = Math.max(bound + 1, Math.floor(bound * GROWTH)))
    bounds.push(bound);
  bounds.push(maxLength);
  return bounds;
}

/**
 * Sorts sequences into buckets by length. A graph is compiled for each bucket's shape, and a batch of short
 * histories then costs what its items cost, not what the longest history would.
 *
 * @param batchSize examples wanted in a batch; a bucket with fewer in all gets smaller batches
 */
export function makeBuckets(sequences: Sequences, maxLength: number, batchSize: number): Bucket[] {
  const bounds = bucketBounds(maxLength);
  const bucketOf = new Int32Array(maxLength + 1); // without inputs: the shortest
  for (let length = 1, b = 0; length <= maxLength; length++) bucketOf[length] = length <= bounds[b] ? b : ++b;
  const members: number[][] = bounds.map(() => []);
  sequences.length.forEach((length, s) => members[bucketOf[length]].push(s));
  return bounds.flatMap((steps, b) => {
    if (members[b].length === 0) return [];
    let fewest = Infinity;
    let most = steps;
    let total = 0;
    for (const s of members[b]) {
      fewest = Math.min(fewest, sequences.asked[s]);
      most = Math.max(most, sequences.asked[s]);
      total += sequences.asked[s];
    }
    const capacity = Math.max(most, Math.min(batchSize, total));
    return {
      steps,
      batch: Math.min(members[b].length, Math.floor(capacity / fewest)),
      positions: capacity,
      members: Int32Array.from(members[b]),
    };
  });
}
