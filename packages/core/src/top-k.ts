import type { Recommendations } from './recommender.js';

/**
 * The best `k` of a row of scores, best first; equal scores in order of id. A heap of k keeps it O(items log k).
 *
 * @param scores finite scores, shape [items]
 * @param k at most so many
 * @param excluded items to leave out, such as a history; none by default
 */
export function topK(scores: Float32Array, k: number, excluded: ArrayLike<number> = []): Recommendations {
  const skip = new Set(Array.from(excluded));
  const heap: number[] = []; // item ids, the worst of the best at the root
  const worse = (a: number, b: number) => scores[a] < scores[b] || (scores[a] === scores[b] && a > b);
  const sink = (at: number) => {
    for (;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && worse(heap[child], heap[least])) least = child;
      if (least === at) return;
      [heap[at], heap[least]] = [heap[least], heap[at]];
      at = least;
    }
  };
  for (let item = 0; item < scores.length; item++) {
    if (heap.length === k && (k === 0 || scores[item] <= scores[heap[0]])) continue;
    if (skip.has(item)) continue;
    if (heap.length < k) {
      heap.push(item);
      if (heap.length === k) for (let at = (k >> 1) - 1; at >= 0; at--) sink(at);
    } else {
      heap[0] = item;
      sink(0);
    }
  }
  heap.sort((a, b) => (worse(a, b) ? 1 : -1));
  return { items: Int32Array.from(heap), scores: Float32Array.from(heap, (item) => scores[item]) };
}
