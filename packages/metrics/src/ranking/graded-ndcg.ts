import { TowerkitError } from '../errors.js';
import { discount } from './ndcg.js';
import { relevantRanks } from './relevant-ranks.js';

/** The gain of a relevance grade in Burges et al. 2005: 2^grade - 1. */
export function exponentialGain(grade: number): number {
  return 2 ** grade - 1;
}

/**
 * NDCG of one list with graded relevance: the sum of gain / log2(rank + 1) over the first `k`, divided by the same
 * sum for the items in order of gain, itself cut at `k`.
 *
 * @param ranked item ids, best first
 * @param grades grade of each judged item, not negative, at least one of them above 0; an item that is not there
 * has gain 0
 * @param k cutoff, the whole list by default
 * @param gain what a grade is worth: the grade itself by default (Järvelin and Kekäläinen 2002), or
 * {@link exponentialGain}
 *
 * @example
 * ```ts
 * gradedNdcg([5, 8], new Map([[5, 1], [8, 3]]), 2); // (1 + 3 / log2(3)) / (3 + 1 / log2(3))
 * ```
 * @throws TowerkitError `BAD_K`, `DUPLICATE_ITEM`; `BAD_GAIN` for a gain that is negative or not finite;
 * `NO_RELEVANT` when no gain is above 0
 */
export function gradedNdcg(
  ranked: ArrayLike<number>,
  grades: ReadonlyMap<number, number>,
  k = Infinity,
  gain: (grade: number) => number = (grade) => grade,
): number {
  const gains = new Map<number, number>();
  for (const [item, grade] of grades) {
    const value = gain(grade);
    if (!(value >= 0 && value < Infinity))
      throw new TowerkitError('BAD_GAIN', `item ${item} has gain ${value}`, {
        details: { item, gain: value },
      });
    if (value > 0) gains.set(item, value);
  }
  let gained = 0;
  for (const rank of relevantRanks(ranked, gains, k).ranks)
    gained += gains.get(ranked[rank - 1])! * discount(rank);
  let ideal = 0;
  const best = [...gains.values()].sort((a, b) => b - a);
  for (let i = 0; i < best.length && i < k; i++) ideal += best[i] * discount(i + 1);
  return gained / ideal;
}
