import { requireCutoff } from '../validation.js';
import { relevantRanks, type Relevant } from './relevant-ranks.js';

/** {@link reciprocalRank} from ranks: 1-based ranks of the user's relevant items, ascending. */
export function reciprocalRankFromRanks(ranks: ArrayLike<number>, k = Infinity): number {
  requireCutoff(k);
  return ranks.length > 0 && ranks[0] <= k ? 1 / ranks[0] : 0;
}

/**
 * Reciprocal rank of one user: 1 / rank of the first relevant item, 0 when that is below `k`. Its mean over users
 * is the MRR.
 *
 * @param k cutoff, the whole list by default
 * @throws TowerkitError `BAD_K`, `NO_RELEVANT`, `DUPLICATE_ITEM`
 */
export function reciprocalRank(ranked: ArrayLike<number>, relevant: Relevant, k = Infinity): number {
  return reciprocalRankFromRanks(relevantRanks(ranked, relevant, k).ranks, k);
}
