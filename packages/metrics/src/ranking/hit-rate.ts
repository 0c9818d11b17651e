import { hitsWithin, relevantRanks, type Relevant } from './relevant-ranks.js';

/** {@link hitRate} from ranks: 1-based ranks of the user's relevant items, ascending. */
export function hitRateFromRanks(ranks: ArrayLike<number>, k: number): number {
  return hitsWithin(ranks, k) > 0 ? 1 : 0;
}

/**
 * Hit rate of one user: 1 when any relevant item is among the first `k`, else 0.
 *
 * @example
 * ```ts
 * hitRate([7, 3, 9], [9], 2); // 0
 * hitRate([7, 3, 9], [9], 3); // 1
 * ```
 * @throws TowerkitError `BAD_K`, `NO_RELEVANT`, `DUPLICATE_ITEM`
 */
export function hitRate(ranked: ArrayLike<number>, relevant: Relevant, k: number): number {
  return hitRateFromRanks(relevantRanks(ranked, relevant, k).ranks, k);
}
