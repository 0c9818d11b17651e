import { TowerkitError } from '../errors.js';
import { requireCount } from '../validation.js';

/**
 * How often each item is recommended: counts, shape [items].
 *
 * @param recommended the lists of all users, one after the other; -1 marks an empty place and is skipped
 * @param items number of items in the catalog
 * @throws TowerkitError `BAD_ITEM` for an id outside [-1, items)
 */
export function exposure(recommended: ArrayLike<number>, items: number): Int32Array {
  requireCount('items', items);
  const counts = new Int32Array(items);
  for (let i = 0; i < recommended.length; i++) {
    const item = recommended[i];
    if (item === -1) continue;
    if (!(Number.isInteger(item) && item >= 0 && item < items))
      throw new TowerkitError('BAD_ITEM', `recommendation ${i}: item ${item} is outside [0, ${items})`, {
        details: { index: i, item },
      });
    counts[item]++;
  }
  return counts;
}
