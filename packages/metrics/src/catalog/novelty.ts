import { TowerkitError } from '../errors.js';
import { requireCount } from '../validation.js';

/**
 * Novelty: the mean self-information, in bits, of what is recommended: -log2(users who had the item / users)
 * (Zhou et al. 2010). An item that nobody had counts as had by one user, its smallest finite value.
 *
 * @param recommended the lists of all users, one after the other; -1 marks an empty place
 * @param counts users who had each item in the training data, shape [items]
 * @param users number of users in the training data
 * @throws TowerkitError `BAD_ITEM`; `NO_USERS` when nothing is recommended; `BAD_COUNTS` when a count is negative
 * or above `users`
 */
export function novelty(recommended: ArrayLike<number>, counts: ArrayLike<number>, users: number): number {
  requireCount('users', users);
  let bits = 0;
  let places = 0;
  for (let i = 0; i < recommended.length; i++) {
    const item = recommended[i];
    if (item === -1) continue;
    const count = counts[item];
    if (count === undefined)
      throw new TowerkitError(
        'BAD_ITEM',
        `recommendation ${i}: item ${item} is outside [0, ${counts.length})`,
        {
          details: { index: i, item },
        },
      );
    if (!(count >= 0 && count <= users))
      throw new TowerkitError('BAD_COUNTS', `item ${item} was had by ${count} of ${users} users`, {
        details: { item, count },
      });
    bits += Math.log2(users / Math.max(count, 1));
    places++;
  }
  if (places === 0) throw new TowerkitError('NO_USERS', 'nothing is recommended to anyone');
  return bits / places;
}
