import { Rng } from '@towerkit/core';

import type { FeatureTable } from '../words/feature-table.js';

/**
 * What vectors of features start from: random directions (Johnson and Lindenstrauss 1984), each as long as its feature is rare,
 * so that before any training the cosine of two texts is about that of their features weighted by idf = log(1 + n / n_f). A
 * feature of no title starts from zeros: what it means is learned.
 *
 * @param counts titles that each feature stands in
 * @param texts how many titles there are
 * @param pairWeight length of a pair of words beside that of a word as rare
 * @returns shape [features * dimensions]
 */
export function firstVectors(
  { names }: FeatureTable,
  counts: Int32Array,
  texts: number,
  { dimensions, pairWeight, seed }: { dimensions: number; pairWeight: number; seed: number },
): Float32Array {
  const rng = new Rng(seed).fork('vectors');
  const out = new Float32Array(names.length * dimensions);
  const scale = 1 / Math.sqrt(dimensions);
  names.forEach((name, feature) => {
    if (counts[feature] === 0) return;
    const length = Math.log(1 + texts / counts[feature]) * (name[0] === 'p' ? pairWeight : 1) * scale;
    for (let d = feature * dimensions; d < (feature + 1) * dimensions; d++) out[d] = length * rng.normal();
  });
  return out;
}
