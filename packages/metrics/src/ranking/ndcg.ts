import { hitsWithin, relevantRanks, requireRelevant, type Relevant } from './relevant-ranks.js';

/** What a hit at a 1-based rank is worth: 1 / log2(rank + 1) (Järvelin and Kekäläinen 2002, in its usual form). */
export function discount(rank: number): number {
  return 1 / Math.log2(rank + 1);
}

/**
 * {@link ndcg} from ranks: 1-based ranks of the user's relevant items, ascending.
 *
 * @param relevant number of relevant items, where some are not ranked at all
 */
export function ndcgFromRanks(ranks: ArrayLike<number>, k = Infinity, relevant = ranks.length): number {
  requireRelevant(relevant);
  const hits = hitsWithin(ranks, k);
  let gained = 0;
  for (let i = 0; i < hits; i++) gained += discount(ranks[i]);
  let ideal = 0;
  for (let rank = 1; rank <= relevant && rank <= k; rank++) ideal += discount(rank);
  return gained / ideal;
}

/**
 * Normalized discounted cumulative gain of one user with binary relevance: the sum of 1 / log2(rank + 1) over the
 * relevant items among the first `k`, divided by the same sum for the ideal list, itself cut at `k`. With one
 * relevant item it is 1 / log2(rank + 1).
 *
 * @param k cutoff, the whole list by default
 * @throws TowerkitError `BAD_K`, `NO_RELEVANT`, `DUPLICATE_ITEM`
 */
export function ndcg(ranked: ArrayLike<number>, relevant: Relevant, k = Infinity): number {
  const found = relevantRanks(ranked, relevant, k);
  return ndcgFromRanks(found.ranks, k, found.relevant);
}
