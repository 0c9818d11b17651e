import type { CandidateQuery, Candidates } from '../ranker.js';

/**
 * Candidates of an index, with the items of the history that may come up among them, by scores that the index does not know.
 *
 * @param candidates without items of the history, best first
 * @param scoresOf of items, in their order
 */
export function withKept(
  candidates: Candidates,
  { keep = [], deny, allow, k }: CandidateQuery,
  scoresOf: (items: readonly number[]) => Float32Array,
): Candidates {
  const denied = new Set(deny);
  const allowed = allow && new Set(allow);
  const own = [...new Set(keep)].filter((item) => !denied.has(item) && (allowed?.has(item) ?? true));
  if (own.length === 0) return candidates;
  const scores = scoresOf(own);
  const all = [
    ...candidates.items.map((item, place) => ({ item, score: candidates.scores[place] })),
    ...own.map((item, place) => ({ item, score: scores[place] })),
  ];
  all.sort((a, b) => b.score - a.score || a.item - b.item);
  const best = all.slice(0, k);
  return { ...candidates, items: best.map(({ item }) => item), scores: best.map(({ score }) => score) };
}
