import { TowerkitError } from '../errors.js';
import { dot } from './best-of.js';
import type { RankedItems } from './question.js';

/**
 * Maximal marginal relevance (Carbonell and Goldstein 1998): items one by one, each the best of
 * (1 - diversity) * relevance - diversity * likeness to what was chosen before. Relevance is the score scaled to [0, 1]
 * over the candidates, likeness the highest cosine with an item chosen before, 0 for the first.
 *
 * @param candidates best first; more of them than k give the method something to choose from
 * @param vectorOf the vector of an item
 * @param k how many to keep
 * @param diversity from 0, which keeps the order, to 1
 * @returns k items, or all where there are fewer, with the scores they came with, in the order chosen
 * @throws TowerkitError `BAD_OPTION` for a diversity outside [0, 1]
 */
export function diversify(
  { items, scores }: RankedItems,
  vectorOf: (item: number) => Float32Array,
  k: number,
  diversity: number,
): RankedItems {
  if (!(diversity >= 0 && diversity <= 1))
    throw new TowerkitError('BAD_OPTION', `diversity must be in [0, 1], got ${diversity}`, {
      hint: '0 keeps the ranking as it is',
      details: { option: 'diversity', value: diversity },
    });
  if (items.length === 0) return { items: [], scores: [] };
  const [highest, lowest] = [scores[0], scores[scores.length - 1]];
  const span = highest - lowest || 1;
  const units = Array.from(items, (item) => unit(vectorOf(item)));
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
