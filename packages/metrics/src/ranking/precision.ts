import { hitsWithin, relevantRanks, type Relevant } from './relevant-ranks.js';

/** {@link precision} from ranks: 1-based ranks of the user's relevant items, ascending. */
export function precisionFromRanks(ranks: ArrayLike<number>, k: number): number {
  return hitsWithin(ranks, k) / k;
}

/**
 * Precision of one user: hits among the first `k` / k. A list shorter than `k` still divides by `k`.
 *
 * @throws TowerkitError `BAD_K`, `NO_RELEVANT`, `DUPLICATE_ITEM`
 */
export function precision(ranked: ArrayLike<number>, relevant: Relevant, k: number): number {
  return precisionFromRanks(relevantRanks(ranked, relevant, k).ranks, k);
}
