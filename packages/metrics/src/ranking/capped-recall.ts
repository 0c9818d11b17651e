import { hitsWithin, relevantRanks, requireRelevant, type Relevant } from './relevant-ranks.js';

/**
 * {@link cappedRecall} from ranks: 1-based ranks of the user's relevant items, ascending.
 *
 * @param relevant number of relevant items, where some are not ranked at all
 */
export function cappedRecallFromRanks(ranks: ArrayLike<number>, k: number, relevant = ranks.length): number {
  requireRelevant(relevant);
  return hitsWithin(ranks, k) / Math.min(k, relevant);
}

/**
 * Recall of one user with the denominator capped: hits among the first `k` / min(k, number of relevant items),
 * as in Liang et al. 2018 (Mult-VAE). A perfect list always gets 1. Other work calls {@link recall} by this
 * name: say which one a table holds.
 *
 * @throws TowerkitError `BAD_K`, `NO_RELEVANT`, `DUPLICATE_ITEM`
 */
export function cappedRecall(ranked: ArrayLike<number>, relevant: Relevant, k: number): number {
  const found = relevantRanks(ranked, relevant, k);
  return cappedRecallFromRanks(found.ranks, k, found.relevant);
}
