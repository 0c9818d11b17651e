import type { Neighbours } from '../../vector-index.js';
import type { Found } from './store.js';

/** The k best of what was found, best first; equal scores in order of id. */
export function bestOf({ ids, scores }: Found, k: number): Neighbours {
  const rounded = Float32Array.from(scores);
  const order = Array.from({ length: ids.length }, (_, i) => i)
    .sort((a, b) => rounded[b] - rounded[a] || ids[a] - ids[b])
    .slice(0, k);
  return {
    ids: Float64Array.from(order, (i) => ids[i]),
    scores: Float32Array.from(order, (i) => rounded[i]),
  };
}
