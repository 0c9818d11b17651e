import type { CsrMatrix } from '@towerkit/core';

import type { Reviews } from './read-reviews.js';

/** Group of a row by its user: with training rows, without, or anonymous. */
export type Group = 'returning' | 'first-time' | 'anonymous';

/**
 * Places of the test rows of each group, and of all of them.
 *
 * @param training users x items
 */
export function groupRows(
  { log, anonymous }: Pick<Reviews, 'log' | 'anonymous'>,
  { indptr }: CsrMatrix,
  test: Int32Array,
): Record<Group | 'all', Int32Array> {
  const groupOf = (user: number): Group =>
    anonymous[user] ? 'anonymous' : indptr[user + 1] > indptr[user] ? 'returning' : 'first-time';
  const places = Array.from(test.keys());
  const of = (group: Group) =>
    Int32Array.from(places.filter((place) => groupOf(log.user[test[place]]) === group));
  return {
    all: Int32Array.from(places),
    returning: of('returning'),
    'first-time': of('first-time'),
    anonymous: of('anonymous'),
  };
}
