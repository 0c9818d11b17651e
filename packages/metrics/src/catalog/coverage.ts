import { exposure } from './exposure.js';

/**
 * Catalog coverage: the share of the catalog that is recommended to anyone.
 *
 * @param recommended the lists of all users, one after the other; -1 marks an empty place
 * @param items number of items in the catalog
 * @throws TowerkitError `BAD_ITEM`
 */
export function coverage(recommended: ArrayLike<number>, items: number): number {
  let seen = 0;
  for (const count of exposure(recommended, items)) if (count > 0) seen++;
  return seen / items;
}
