import type { Matrix } from '@towerkit/core';

import type { Ranked } from './model-host.js';

/**
 * Maximal marginal relevance (Carbonell and Goldstein 1998): items one by one, each the best of
 * (1 - diversity) * relevance - diversity * likeness to what was chosen before. Relevance is the score scaled to [0, 1]
 * over the candidates, likeness the highest cosine.
 *
 * @param candidates best first
 * @param vectors of all items, [items, width]
 * @param diversity from 0, which changes nothing, to 1
 * @returns k items with the scores they came with, in the order chosen
 */
export function diversify({ items, scores }: Ranked, vectors: Matrix, k: number, diversity: number): Ranked {
  const [highest, lowest] = [scores[0], scores.at(-1)!];
  const span = highest - lowest || 1;
  const units = items.map((item) => unit(vectors.row(item)));
  const likeness = new Float64Array(items.length).fill(-Infinity);
  const left = new Set(items.keys());
  const chosen: number[] = [];
  while (chosen.length < k && left.size > 0) {
    let best = -1;
    let bestValue = -Infinity;
    for (const place of left) {
      const alike = chosen.length === 0 ? 0 : likeness[place];
      const value = (1 - diversity) * ((scores[place] - lowest) / span) - diversity * alike;
      if (value > bestValue) [best, bestValue] = [place, value];
    }
    left.delete(best);
    chosen.push(best);
    for (const place of left) likeness[place] = Math.max(likeness[place], dot(units[place], units[best]));
  }
  return { items: chosen.map((place) => items[place]), scores: chosen.map((place) => scores[place]) };
}

function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector));
  return length === 0 ? vector : vector.map((value) => value / length);
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
