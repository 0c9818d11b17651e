/**
 * Team-draft interleaving (Radlinski, Kurup and Joachims 2008): the teams take turns, a coin says who picks first in
 * each round, and each picks its best item that is not taken yet. Clicks on a team's items are votes for it.
 *
 * @param teams two rankings, best first
 * @param k items at most
 * @param coin true where the first team picks first
 * @returns the items, each with the team that picked it
 */
export function teamDraft<T>(
  teams: readonly [readonly T[], readonly T[]],
  k: number,
  coin: () => boolean,
  keyOf: (item: T) => string,
): { readonly item: T; readonly team: 0 | 1 }[] {
  const taken = new Set<string>();
  const next = [0, 0];
  const out: { item: T; team: 0 | 1 }[] = [];
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
