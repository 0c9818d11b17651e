import type { CsrMatrix } from '@towerkit/core';

/**
 * The stretches of history that a model trains on: sequence s reads the items at
 * `start[s] .. start[s] + length[s]` of the history and predicts, at each place, the item after it.
 */
export interface Sequences {
  /** User of each sequence: [count]. */
  readonly user: Int32Array;
  /** Place of the first input in `histories.indices`: [count]. */
  readonly start: Int32Array;
  /** Number of inputs, which is the number of examples: [count], each at least 1. */
  readonly length: Int32Array;
  /** Examples in all. */
  readonly examples: number;
}

/**
 * Cuts histories into sequences of at most `maxLength` inputs. A history of n items gives n - 1 examples; a user
 * with fewer than two items gives none and is left out.
 *
 * @param windows `all` cuts a long history, from its end, into as many sequences as it takes, so that every
 *   position trains; `last` keeps the last one only
 */
export function cutSequences(
  histories: CsrMatrix,
  maxLength: number,
  windows: 'all' | 'last' = 'all',
): Sequences {
  const user: number[] = [];
  const start: number[] = [];
  const length: number[] = [];
  let examples = 0;
  for (let u = 0; u < histories.rows; u++) {
    const first = histories.indptr[u];
    // `target` is the last item a sequence predicts; the item it ends with is the first target of none.
    for (let target = histories.indptr[u + 1] - 1; target > first; target -= maxLength) {
      const from = Math.max(first, target - maxLength);
      user.push(u);
      start.push(from);
      length.push(target - from);
      examples += target - from;
      if (windows === 'last') break;
    }
  }
  return {
    user: Int32Array.from(user),
    start: Int32Array.from(start),
    length: Int32Array.from(length),
    examples,
  };
}
