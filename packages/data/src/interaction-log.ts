import { CsrMatrix, type ItemId, type UserId, type Vocabulary } from '@towerkit/core';

import { TowerkitError } from './errors.js';

/** Kinds of rows by code. */
export interface KindColumn {
  /** Name of each code. */
  readonly names: readonly string[];
  /** Code of each row, shape [rows]. */
  readonly codes: Int32Array;
}

/**
 * Who took what, one entry per row in every array. Rows stand by user, and a user's rows from oldest to newest
 * (by `time`, then `position`, then the order in which they were read): functions here rely on it.
 */
export interface InteractionLog {
  /** Names of users; those with a row, in order of first appearance. */
  readonly users: Vocabulary<UserId>;
  /** Names of items: the universe to rank, which may hold items without a row. */
  readonly items: Vocabulary<ItemId>;
  /** Dense user id of each row, shape [rows], non-decreasing. */
  readonly user: Int32Array;
  /** Dense item id of each row, shape [rows]. */
  readonly item: Int32Array;
  /** When, shape [rows]: the column's number, or seconds since 1970 where it held dates. */
  readonly time?: Float64Array;
  /** Place in the user's own order, shape [rows]; says nothing across users. */
  readonly position?: Float64Array;
  /** How much it was liked, shape [rows]; NaN for a row without a rating, where they were let in. */
  readonly rating?: Float32Array;
  /** How much it was, such as a quantity or a time spent, 0 or more, shape [rows]. */
  readonly weight?: Float64Array;
  /** What sort of thing it was, such as a view or a purchase. */
  readonly kind?: KindColumn;
  /** What was written about it, shape [rows]. */
  readonly text?: readonly string[];
  /** Other columns of text by name, shape [rows] each. */
  readonly more?: Readonly<Record<string, readonly string[]>>;
  /** Other columns of numbers by name, NaN where missing, shape [rows] each; dates are seconds since 1970. */
  readonly numbers?: Readonly<Record<string, Float64Array>>;
}

/** Columns by name, one value for each row: texts, '' where missing, or numbers, NaN where missing. */
export type RowColumns = Readonly<Record<string, readonly string[] | Float64Array>>;

/**
 * A column that a log may lack.
 *
 * @param need who needs it, as the beginning of a sentence: `a half-life needs`
 * @throws TowerkitError `MISSING_COLUMN`
 */
export function requireValues<T>(values: T | undefined, column: string, need: string): T {
  if (values !== undefined) return values;
  throw new TowerkitError('MISSING_COLUMN', `${need} a ${column}, the log has none`, {
    hint: `name the ${column} column when reading`,
    details: { column },
  });
}

/**
 * Each user's items from oldest to newest: users x items, with ratings as values where the log has them.
 * Takes O(rows) and repeats a repeated item.
 */
export function toHistories(log: InteractionLog): CsrMatrix {
  return CsrMatrix.fromPairs(log.users.size, log.items.size, log.user, log.item, log.rating);
}
