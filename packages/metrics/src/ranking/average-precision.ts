import { hitsWithin, relevantRanks, requireRelevant, type Relevant } from './relevant-ranks.js';

/**
 * {@link averagePrecision} from ranks: 1-based ranks of the user's relevant items, ascending.
 *
 * @param relevant number of relevant items, where some are not ranked at all
 */
export function averagePrecisionFromRanks(
  ranks: ArrayLike<number>,
  k = Infinity,
  relevant = ranks.length,
): number {
  requireRelevant(relevant);
  const hits = hitsWithin(ranks, k);
  let sum = 0;
  for (let i = 0; i < hits; i++) sum += (i + 1) / ranks[i];
  return sum / Math.min(k, relevant);
}

/**
 * Average precision of one user at `k`: the precision at each relevant item of the first `k`, summed, divided by
 * min(k, number of relevant items), so that a perfect list gets 1. Its mean over users is the MAP. (Some work
 * divides by the number of relevant items, or by the hits; the three differ.)
 *
 * @param k cutoff, the whole list by default
 * @throws TowerkitError `BAD_K`, `NO_RELEVANT`, `DUPLICATE_ITEM`
 */
export function averagePrecision(ranked: ArrayLike<number>, relevant: Relevant, k = Infinity): number {
  const found = relevantRanks(ranked, relevant, k);
  return averagePrecisionFromRanks(found.ranks, k, found.relevant);
}
