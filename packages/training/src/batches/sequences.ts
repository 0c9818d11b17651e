import type { CsrMatrix } from '@towerkit/core';

import type { Examples } from '../examples.js';

/**
 * The stretches of history that a model trains on: sequence s reads the items at `start[s] .. start[s] + length[s]` of the
 * histories, and its examples ask, at one place or another of it, for what came next.
 */
export interface Sequences {
  /** User of each sequence: [count]. */
  readonly user: Int32Array;
  /** Place of the first input in `histories.indices`: [count]. */
  readonly start: Int32Array;
  /** Number of inputs: [count]; 0 where nothing is known yet. */
  readonly length: Int32Array;
  /** First of its examples, which stand one after another: [count]. */
  readonly first: Int32Array;
  /** Number of its examples: [count], each at least 1. */
  readonly asked: Int32Array;
  /** Examples in all. */
  readonly examples: number;
}

/**
 * Cuts histories into sequences of at most `maxLength` inputs, such that each example belongs to one of them. A user without
 * examples is left out; examples before which nothing is known have a sequence without inputs.
 *
 * @param windows `all` cuts a long history, from its end, into as many sequences as it takes, so that every example
 *   trains; `last` keeps the last one only
 */
export function cutSequences(
  { indptr }: CsrMatrix,
  { users, seen }: Pick<Examples, 'users' | 'seen'>,
  maxLength: number,
  windows: 'all' | 'last' = 'all',
): Sequences {
  const user: number[] = [];
  const start: number[] = [];
  const length: number[] = [];
  const first: number[] = [];
  const asked: number[] = [];
  let examples = 0;
  for (let begin = 0, end = 0; begin < users.length; begin = end) {
    const owner = users[begin];
    while (end < users.length && users[end] === owner) end++;
    for (let last = end; last > begin;) {
      const to = seen[last - 1];
      const from = Math.max(0, to - maxLength);
      let earliest = last - 1;
      while (earliest > begin && (to === 0 || seen[earliest - 1] > from)) earliest--;
      user.push(owner);
      start.push(indptr[owner] + from);
      length.push(to - from);
      first.push(earliest);
      asked.push(last - earliest);
      examples += last - earliest;
      last = earliest;
      if (windows === 'last') break;
    }
  }
  return {
    user: Int32Array.from(user),
    start: Int32Array.from(start),
    length: Int32Array.from(length),
    first: Int32Array.from(first),
    asked: Int32Array.from(asked),
    examples,
  };
}
