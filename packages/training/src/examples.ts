import { TowerkitError, type CsrMatrix } from '@towerkit/core';

import { checkEntities, type Entities } from './entities.js';

/**
 * What a two-tower learns from: for each example who is asked about, how much of their history is known by then, what is
 * known of the moment, and the item they took. Ordered by user, and within a user by `seen`.
 *
 * The histories alone give the usual ones, see {@link nextItems}. Others are made for baskets, whose items do not see each
 * other (equal `seen`), for events that count more than others (`weights`), for users of whom nothing but features is
 * known (`seen` 0), or for items that are targets without entering a history.
 *
 * @example
 * ```ts
 * // User 0 had items 5 and 7, then bought 8 and 9 together; user 1 had nothing yet and took 5.
 * const examples: Examples = {
 *   users: Int32Array.of(0, 0, 1),
 *   items: Int32Array.of(8, 9, 5),
 *   seen: Int32Array.of(2, 2, 0),
 * };
 * ```
 */
export interface Examples {
  /** User of each example, ascending: [examples]. */
  readonly users: Int32Array;
  /** Its target: [examples]. */
  readonly items: Int32Array;
  /** Items of the user's history, from the oldest on, that are known; ascending within a user: [examples]. */
  readonly seen: Int32Array;
  /** What its loss weighs, above 0: [examples]. Default 1 each. */
  readonly weights?: Float32Array;
  /** Ratings or graded labels of the targets: [examples]. */
  readonly ratings?: Float32Array;
  /** What is known of the moment of the question, one row per example: an hour, a device, a text. */
  readonly moments?: Entities;
}

/**
 * The usual examples: every item of a history after those before it, the first left out. Ratings are the histories' values.
 *
 * @param histories users x items, oldest first
 * @param options.first whether the first items are examples too, before which nothing is known but the user: what a tower
 *   that reads features of users learns newcomers from. Default false
 */
export function nextItems(
  { rows, indptr, indices, values }: CsrMatrix,
  { first = false }: { first?: boolean } = {},
): Examples {
  const skipped = first ? 0 : 1;
  let count = 0;
  for (let user = 0; user < rows; user++) count += Math.max(0, indptr[user + 1] - indptr[user] - skipped);
  const users = new Int32Array(count);
  const items = new Int32Array(count);
  const seen = new Int32Array(count);
  const ratings = values && new Float32Array(count);
  let at = 0;
  for (let user = 0; user < rows; user++)
    for (let place = indptr[user] + skipped; place < indptr[user + 1]; place++, at++) {
      users[at] = user;
      items[at] = indices[place];
      seen[at] = place - indptr[user];
      if (ratings) ratings[at] = values[place];
    }
  return { users, items, seen, ...(ratings && { ratings }) };
}

/**
 * Checks that examples fit the histories they belong to.
 *
 * @throws TowerkitError `BAD_DATA` naming the example; `SHAPE_MISMATCH` for fields of other lengths
 */
export function checkExamples(examples: Examples, histories: CsrMatrix): void {
  const { users, items, seen, weights, ratings, moments } = examples;
  for (const [name, values] of Object.entries({ items, seen, weights, ratings }))
    if (values && values.length !== users.length)
      throw new TowerkitError('SHAPE_MISMATCH', `${users.length} examples have ${values.length} ${name}`);
  const { rows, cols, indptr } = histories;
  for (let e = 0; e < users.length; e++) {
    const user = users[e];
    if (!(user >= 0 && user < rows)) throw bad(e, `user ${user} is outside [0, ${rows})`);
    if (!(items[e] >= 0 && items[e] < cols)) throw bad(e, `item ${items[e]} is outside [0, ${cols})`);
    const most = indptr[user + 1] - indptr[user];
    if (!(seen[e] >= 0 && seen[e] <= most))
      throw bad(e, `${seen[e]} items are known of a history of ${most}`);
    if (e > 0 && (user < users[e - 1] || (user === users[e - 1] && seen[e] < seen[e - 1])))
      throw bad(e, 'it comes after an example of a later user, or of a longer history');
    if (weights && !(weights[e] > 0 && weights[e] < Infinity))
      throw bad(e, `its weight is ${weights[e]}; leave out what weighs nothing`);
  }
  if (moments) checkEntities('moment', moments, users.length);
}

const bad = (example: number, message: string) =>
  new TowerkitError('BAD_DATA', `example ${example}: ${message}`, { details: { example } });
