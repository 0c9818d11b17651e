import type { CandidateQuery, Candidates } from '../ranker.js';

/**
 * Candidates of an index, with the items of the history that may come up among them, by scores that the index does not know.
 *
 * @param candidates without items of the history, best first
 * @param query what was asked; its `keep` are the items of the history that may come up
 * @param scoresOf scores of items, in their order: [items]
 * @returns the best k of both
 */
export function withKept(
  candidates: Candidates,
  query: CandidateQuery,
  scoresOf: (items: readonly number[]) => Float32Array,
): Candidates {
  const { keep = [], deny, allow, k } = query;
  const kept = new Set(keep);
  for (const item of deny) kept.delete(item);
  const own = kept.size === 0 ? [] : Array.from(allow ? allow.filter((item) => kept.has(item)) : kept);
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
