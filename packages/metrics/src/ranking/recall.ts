import { hitsWithin, relevantRanks, requireRelevant, type Relevant } from './relevant-ranks.js';

/**
 * {@link recall} from ranks: 1-based ranks of the user's relevant items, ascending.
 *
 * @param relevant number of relevant items, where some are not ranked at all
 */
export function recallFromRanks(ranks: ArrayLike<number>, k: number, relevant = ranks.length): number {
  requireRelevant(relevant);
  return hitsWithin(ranks, k) / relevant;
}

/**
 * Recall of one user: hits among the first `k` / number of relevant items. The denominator of LightGCN and the
 * Gowalla tables; with more than `k` relevant items it cannot reach 1 (see {@link cappedRecall}).
 *
 * @throws TowerkitError `BAD_K`, `NO_RELEVANT`, `DUPLICATE_ITEM`
 */
export function recall(ranked: ArrayLike<number>, relevant: Relevant, k: number): number {
  const found = relevantRanks(ranked, relevant, k);
  return recallFromRanks(found.ranks, k, found.relevant);
}
