import { Matrix, Rng } from '@towerkit/core';

import { normalise, type VectorSet } from './real-vectors.js';

/**
 * Vectors of length 1 around seeded Gaussian centers of length 1, and queries drawn the same way.
 *
 * @param noise standard deviation of a value around its center's
 */
export function clusters(
  rows: number,
  cols: number,
  centers: number,
  noise: number,
  count: number,
): VectorSet {
  const rng = new Rng(2);
  const middle = new Matrix(
    centers,
    cols,
    Float32Array.from({ length: centers * cols }, () => rng.normal()),
  );
  for (let c = 0; c < centers; c++) normalise(middle.row(c));
  const draw = (size: number) => {
    const out = new Matrix(size, cols);
    for (let row = 0; row < size; row++) {
      const center = middle.row(rng.integer(centers));
      const vector = out.row(row);
      for (let i = 0; i < cols; i++) vector[i] = center[i] + noise * rng.normal();
      normalise(vector);
    }
    return out;
  };
  return {
    name: `${rows} x ${cols}, ${centers} Gaussian clusters, noise ${noise} a value, normalised`,
    vectors: draw(rows),
    tuning: draw(count),
    queries: draw(count),
  };
}
