import { TowerkitError, type CsrMatrix, type Matrix } from '@towerkit/core';
import type { Loss } from '@towerkit/towers';

/** A category of each item or user: dense codes, one per entity, and how many there are. */
export interface Category {
  /** Code of each entity in [0, size): [count]. */
  readonly codes: Int32Array;
  readonly size: number;
}

/** What is known of the items, or of the users, beside who met whom. */
export interface Entities {
  readonly categories?: Readonly<Record<string, Category>>;
  /** Fixed values by name, one row per entity: [count, dimensions]. */
  readonly features?: Readonly<Record<string, Matrix>>;
}

/** What a two-tower learns from. */
export interface TrainingData {
  /**
   * Users x items: each row the user's training items from oldest to newest (an item may repeat). `values`,
   * where present, are ratings.
   */
  readonly histories: CsrMatrix;
  readonly items?: Entities;
  readonly users?: Entities;
}

/** Items that stand in no history, ascending. */
export function unseenItems(histories: CsrMatrix): number[] {
  const unseen: number[] = [];
  histories.columnCounts().forEach((times, item) => times === 0 && unseen.push(item));
  return unseen;
}

/**
 * Checks that every category and feature has one row per entity and codes within range.
 *
 * @throws TowerkitError `BAD_DATA` naming the side and the field
 */
export function checkData({ histories, items = {}, users = {} }: TrainingData): void {
  if (histories.rows === 0 || histories.cols === 0)
    throw new TowerkitError(
      'EMPTY_DATA',
      `nothing to train on: ${histories.rows} users and ${histories.cols} items`,
    );
  check('item', items, histories.cols);
  check('user', users, histories.rows);
}

/**
 * Checks that the data has what a loss learns from.
 *
 * @throws TowerkitError `NO_RATINGS` when it needs ratings and the histories have none; `BAD_DATA` for one that is no number
 */
export function checkRatings(loss: Loss, { histories: { values, indptr } }: TrainingData): void {
  if (!loss.ratings) return;
  if (!values)
    throw new TowerkitError('NO_RATINGS', `the loss "${loss.name}" needs ratings, and the data has none`, {
      hint: 'give the histories ratings as their values (map a rating column), or choose a ranking loss such as sampledSoftmax()',
      details: { loss: loss.name },
    });
  const place = values.findIndex((value) => !Number.isFinite(value));
  if (place < 0) return;
  const user = indptr.findIndex((end) => end > place) - 1;
  throw bad(`the rating ${place - indptr[user]} of user ${user} is ${values[place]}, not a number`);
}

function check(side: string, { categories = {}, features = {} }: Entities, count: number): void {
  for (const [name, { codes, size }] of Object.entries(categories)) {
    if (codes.length !== count)
      throw bad(`${side} category "${name}" has ${codes.length} codes for ${count} ${side}s`);
    for (const code of codes)
      if (code < 0 || code >= size)
        throw bad(`${side} category "${name}": code ${code} is outside [0, ${size})`);
  }
  for (const [name, matrix] of Object.entries(features)) {
    if (matrix.rows !== count)
      throw bad(`${side} feature "${name}" has ${matrix.rows} rows for ${count} ${side}s`);
    for (let i = 0; i < matrix.data.length; i++)
      if (!Number.isFinite(matrix.data[i]))
        throw bad(
          `${side} feature "${name}", row ${Math.floor(i / matrix.cols)}: ${matrix.data[i]} is not a number`,
        );
  }
}

const bad = (message: string) => new TowerkitError('BAD_DATA', message);
