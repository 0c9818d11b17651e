import { TowerkitError } from '../errors.js';
import { requireCutoff } from '../validation.js';

/** The items that count as right for one user: a set, an array, or the keys of a map of gains. */
export type Relevant =
  | ReadonlySet<number>
  | ArrayLike<number>
  | {
      /** Whether an item counts as right. */
      has(item: number): boolean;
      readonly size: number;
    };

/**
 * Ranks of the relevant items that a list holds among its first `k`: 1-based, ascending.
 *
 * Every binary ranking metric is a function of these ranks and of the number of relevant items, so each metric
 * of this package exists twice: on a ranked list, and (`...FromRanks`) on ranks.
 *
 * @param ranked item ids, best first; a list shorter than `k` is a list whose other places are misses
 * @param relevant the user's relevant items, at least one; an array may repeat itself
 * @param k cutoff, `Infinity` for the whole list
 * @returns ranks, and how many items are relevant
 * @throws TowerkitError `BAD_K`; `NO_RELEVANT` when nothing is relevant (every metric is then undefined);
 * `DUPLICATE_ITEM` when a relevant item is listed twice
 */
export function relevantRanks(
  ranked: ArrayLike<number>,
  relevant: Relevant,
  k = Infinity,
): { ranks: number[]; relevant: number } {
  requireCutoff(k);
  const wanted = 'has' in relevant ? relevant : new Set(Array.from(relevant));
  requireRelevant(wanted.size);
  const ranks: number[] = [];
  const found = new Set<number>();
  for (let i = 0; i < ranked.length && i < k; i++) {
    if (!wanted.has(ranked[i])) continue;
    if (found.has(ranked[i]))
      throw new TowerkitError('DUPLICATE_ITEM', `item ${ranked[i]} is in the ranked list twice`, {
        details: { item: ranked[i] },
      });
    found.add(ranked[i]);
    ranks.push(i + 1);
  }
  return { ranks, relevant: wanted.size };
}

/** Without a relevant item every metric is undefined. */
export function requireRelevant(relevant: number): void {
  if (!(relevant >= 1)) throw new TowerkitError('NO_RELEVANT', 'the user has no relevant item');
}

/** Ranks ascending, so those within `k` come first: their number. */
export function hitsWithin(ranks: ArrayLike<number>, k: number): number {
  requireCutoff(k);
  let hits = 0;
  while (hits < ranks.length && ranks[hits] <= k) hits++;
  return hits;
}
