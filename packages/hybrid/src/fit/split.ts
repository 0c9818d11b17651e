import { CsrMatrix } from '@towerkit/core';

import { TowerkitError } from '../errors.js';
import type { Reviews } from './read-reviews.js';

/** Rows of the log to train and to evaluate on, each from the earliest to the latest. */
export interface RowSplit {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Holds back the latest share of the reviews: training rows are never later than test rows.
 *
 * @throws TowerkitError `EMPTY_SPLIT` where either part would have no row
 */
export function holdBack(order: Int32Array, share: number): RowSplit {
  return cut(order, order.length - Math.round(order.length * share), order.length);
}

/**
 * Temporal cross-validation on a rolling origin: fold f trains on the first f of `folds` + 1 equal parts and is evaluated
 * on the part after them.
 *
 * @throws TowerkitError `MISSING_COLUMN` without dates, `EMPTY_SPLIT`
 */
export function temporalFolds({ order, log }: Pick<Reviews, 'order' | 'log'>, folds: number): RowSplit[] {
  if (!log.time)
    throw new TowerkitError('MISSING_COLUMN', 'temporal cross-validation needs dates, and there are none', {
      hint: 'name the column in data.dataset.columns.time, or set hybrid.folds to 0',
      details: { column: 'time' },
    });
  const end = (part: number) => Math.round((order.length * part) / (folds + 1));
  return Array.from({ length: folds }, (_, fold) => cut(order, end(fold + 1), end(fold + 2)));
}

function cut(order: Int32Array, from: number, to: number): RowSplit {
  if (from < 1 || to <= from)
    throw new TowerkitError('EMPTY_SPLIT', `${order.length} reviews cannot be split that way`, {
      hint: 'give more reviews, fewer folds, or another hybrid.heldBack',
    });
  return { train: order.slice(0, from), test: order.slice(from, to) };
}

/** Some rows of a log as a matrix of users x items, rated, each user's rows in the order given. */
export const ratingsOf = (
  { users, items, user, item, rating }: Reviews['log'],
  rows: Int32Array,
): CsrMatrix =>
  CsrMatrix.fromPairs(
    users.size,
    items.size,
    rows.map((row) => user[row]),
    rows.map((row) => item[row]),
    Float32Array.from(rows, (row) => rating[row]),
  );

/**
 * For each row the earlier rows of its user, from the earliest to the latest, as places in `rows`: a list for every place.
 * Anonymous users have none.
 */
export function earlierPlaces(user: Int32Array, rows: Int32Array, anonymous: Uint8Array): CsrMatrix {
  const own = new Map<number, number[]>();
  const indptr = new Int32Array(rows.length + 1);
  const indices: number[] = [];
  rows.forEach((row, place) => {
    const earlier = own.get(user[row]) ?? [];
    indices.push(...earlier);
    indptr[place + 1] = indices.length;
    if (anonymous[user[row]]) return;
    if (earlier.length === 0) own.set(user[row], earlier);
    earlier.push(place);
  });
  return new CsrMatrix(rows.length, rows.length, indptr, Int32Array.from(indices));
}
