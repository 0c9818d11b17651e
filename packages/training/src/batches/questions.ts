import type { CsrMatrix } from '@towerkit/core';

import type { Examples } from '../examples.js';
import type { BatchShape } from './batch.js';
import type { Sequences } from './sequences.js';

/** The examples of some sequences, place by place, padded to a batch's shape. Fields as in `Batch`. */
export interface Questions {
  /** Examples in all. */
  readonly examples: number;
  readonly users: Int32Array;
  readonly positions: Int32Array;
  readonly positionUser: Int32Array;
  /** Dense id of each position's user: [positions]. */
  readonly userOfPosition: Int32Array;
  /** Target of each position: [positions]. */
  readonly targets: Int32Array;
  readonly seen: Float32Array;
  readonly weight: Float32Array;
  readonly rating?: Float32Array;
  readonly moments?: Int32Array;
  readonly known?: Float32Array;
}

/** Puts the examples of the sequences `members` into the places that ask. */
export function placeQuestions(
  { user, start, length, first, asked }: Sequences,
  { items, seen: before, weights, ratings, moments: momentsOf }: Examples,
  { indptr }: CsrMatrix,
  members: Int32Array,
  { steps, batch, positions: capacity, unknown }: BatchShape,
): Questions {
  const users = new Int32Array(batch);
  const positions = new Int32Array(capacity);
  const positionUser = new Int32Array(capacity);
  const userOfPosition = new Int32Array(capacity);
  const targets = new Int32Array(capacity);
  const seen = new Float32Array(capacity).fill(1);
  const weight = new Float32Array(capacity);
  const rating = ratings && new Float32Array(capacity);
  const moments = momentsOf && new Int32Array(capacity);
  const known = unknown ? new Float32Array(batch).fill(1) : undefined;
  let examples = 0;
  for (let s = 0; s < members.length; s++) {
    const sequence = members[s];
    users[s] = user[sequence];
    if (known && length[sequence] === 0) known[s] = 0;
    // Of the history's items, those before the sequence: its first input stands after them.
    const skipped = start[sequence] - indptr[users[s]];
    for (let e = first[sequence]; e < first[sequence] + asked[sequence]; e++, examples++) {
      const place = Math.max(0, before[e] - skipped - 1);
      positions[examples] = s * steps + place;
      positionUser[examples] = s;
      userOfPosition[examples] = users[s];
      targets[examples] = items[e];
      seen[examples] = place + 1;
      weight[examples] = weights ? weights[e] : 1;
      if (rating) rating[examples] = ratings[e];
      if (moments) moments[examples] = e;
    }
  }
  return {
    ...{ examples, users, positions, positionUser, userOfPosition, targets, seen, weight },
    ...(rating && { rating }),
    ...(moments && { moments }),
    ...(known && { known }),
  };
}
