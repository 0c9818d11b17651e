/** An item of an interleaved list, and the place of the ranking that gave it. */
export interface Drafted<T> {
  readonly item: T;
  readonly team: 0 | 1;
}

/**
 * Team-draft interleaving (Radlinski, Kurup and Joachims 2008): the teams take turns, a coin says who picks first in
 * each round, and each picks its best item that is not taken yet. Clicks on a team's items are votes for it.
 *
 * @param teams two rankings, best first
 * @param k items at most
 * @param coin called once a round; true where the first team picks first
 * @param keyOf what tells items apart: an item that both rank is taken once
 * @returns the items, each with the team that picked it
 *
 * @example
 * ```ts
 * import { Rng } from '@towerkit/core';
 * import { teamDraft } from '@towerkit/events';
 *
 * const rng = new Rng(1);
 * const lists = [['hat', 'scarf'], ['scarf', 'coat']] as const;
 * const shown = teamDraft(lists, 3, () => rng.uniform() < 0.5, (item) => item);
 * ```
 */
export function teamDraft<T>(
  teams: readonly [readonly T[], readonly T[]],
  k: number,
  coin: () => boolean,
  keyOf: (item: T) => string,
): Drafted<T>[] {
  const taken = new Set<string>();
  const next = [0, 0];
  const out: Drafted<T>[] = [];
  const pick = (team: 0 | 1): boolean => {
    const ranking = teams[team];
    while (next[team] < ranking.length && taken.has(keyOf(ranking[next[team]]))) next[team]++;
    if (next[team] >= ranking.length || out.length >= k) return false;
    const item = ranking[next[team]++];
    taken.add(keyOf(item));
    out.push({ item, team });
    return true;
  };
  for (;;) {
    const first = coin() ? 0 : 1;
    const picked = [pick(first), pick(first === 0 ? 1 : 0)];
    if (!picked.includes(true)) return out;
  }
}
