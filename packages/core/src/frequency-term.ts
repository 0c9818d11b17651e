import { badOption } from './options.js';

/** What is added to a model's scores of the items of a user's own history, where repeats may be recommended. */
export interface FrequencyTerm {
  /** Added to every item of the history. Default 0. */
  readonly bonus?: number;
  /** Factor of the logarithm of how often they had it. Default 1. */
  readonly weight?: number;
  /** Items of the history after which one counts half, above 0. Default: all count alike. */
  readonly halfLife?: number;
}

/**
 * What the items of a history score by how often, and how lately, they were had:
 *
 *     bonus + weight log(sum over the places p of the item: 2^(-(n - 1 - p) / halfLife))
 *
 * Vectors of a few dozen dimensions say what somebody may like, not which of a thousand things they buy each week; the next basket
 * is mostly the latter (Li, Jullien, Ariannezhad, de Rijke 2023, "A next basket recommendation reality check").
 *
 * @param history item ids, oldest first, with every repeat: [n]
 * @returns what to add, by item, in order of first appearance: always finite, also where an item is too old for its count to be a float
 * @throws TowerkitError `BAD_OPTION` for a bonus or weight that is not finite, or a half-life that is not above 0
 * @example
 * ```ts
 * for (const [item, more] of frequencyScores([4, 7, 4], { bonus: 3, weight: 1, halfLife: 100 })) scores[item] += more;
 * ```
 */
export function frequencyScores(
  history: ArrayLike<number>,
  { bonus = 0, weight = 1, halfLife = Infinity }: FrequencyTerm = {},
): Map<number, number> {
  if (!Number.isFinite(bonus)) throw badOption('bonus', bonus, 'must be finite');
  if (!Number.isFinite(weight)) throw badOption('weight', weight, 'must be finite');
  if (!(halfLife > 0)) throw badOption('halfLife', halfLife, 'must be above 0');
  const counts = new Map<number, number>();
  for (let place = 0; place < history.length; place++) {
    const count = 2 ** ((place + 1 - history.length) / halfLife);
    counts.set(history[place], (counts.get(history[place]) ?? 0) + count);
  }
  // A count that is too old for a float stands for the smallest one, whose logarithm is finite.
  for (const [item, count] of counts) counts.set(item, bonus + weight * Math.log(count || Number.MIN_VALUE));
  return counts;
}
