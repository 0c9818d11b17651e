import { TowerkitError, type Matrix } from '@towerkit/core';

/** A category of each item, user or moment: dense codes, one per entity, and how many there are. */
export interface Category {
  /** Code of each entity in [0, size): [count]. */
  readonly codes: Int32Array;
  readonly size: number;
}

/** What is known of the items, of the users, or of the moments. */
export interface Entities {
  readonly categories?: Readonly<Record<string, Category>>;
  /** Fixed values by name, one row per entity: [count, dimensions]. */
  readonly features?: Readonly<Record<string, Matrix>>;
}

/**
 * Checks that every category and feature has one row per entity, codes within range, and numbers.
 *
 * @throws TowerkitError `BAD_DATA` naming the side and the field
 */
export function checkEntities(
  side: string,
  { categories = {}, features = {} }: Entities,
  count: number,
): void {
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
