import { TowerkitError, type Matrix, type Recommendations } from '@towerkit/core';

/**
 * Maximal marginal relevance (Carbonell and Goldstein 1998): one after the other the product with the largest
 * (1 - diversity) * score - diversity * (largest cosine with those chosen already), scores scaled to [0, 1] first.
 *
 * @param candidates best first, more of them than asked for
 * @param vectors of all items, [items, width]
 * @param k how many to keep
 * @param diversity in [0, 1]; 0 keeps the order as it is
 * @throws TowerkitError `BAD_OPTION`
 */
export function diversify(
  { items, scores }: Recommendations,
  vectors: Matrix,
  k: number,
  diversity: number,
): Recommendations {
  if (!(diversity >= 0 && diversity <= 1))
    throw new TowerkitError('BAD_OPTION', `diversity must be in [0, 1], got ${diversity}`, {
      details: { option: 'diversity', value: diversity },
    });
  const [best, worst] = [scores[0], scores[scores.length - 1]];
  const relevance = Float64Array.from(scores, (score) =>
    best > worst ? (score - worst) / (best - worst) : 1,
  );
  const unit = Array.from(items, (item) => normalized(vectors.row(item)));
  const closest = new Float64Array(items.length).fill(0);
  const left = new Set(items.keys());
  const chosen: number[] = [];
  while (chosen.length < k && left.size > 0) {
    let next = -1;
    let most = -Infinity;
    for (const place of left) {
      const value = (1 - diversity) * relevance[place] - diversity * closest[place];
      if (value > most) [next, most] = [place, value];
    }
    left.delete(next);
    chosen.push(next);
    for (const place of left) closest[place] = Math.max(closest[place], dot(unit[place], unit[next]));
  }
  return {
    items: Int32Array.from(chosen, (place) => items[place]),
    scores: Float32Array.from(chosen, (place) => scores[place]),
  };
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, c) => sum + value * b[c], 0);

function normalized(vector: Float32Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return Float64Array.from(vector, (value) => (length > 0 ? value / length : 0));
}
