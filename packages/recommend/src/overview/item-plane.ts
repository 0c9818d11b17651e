import { isTowerkitError, Matrix, principalComponents, Rng } from '@towerkit/core';

import type { Ranker } from '../ranker.js';

/** Items on the plane of the first two principal components of their vectors. */
export interface ItemPlane {
  /** Coordinates, [items, 2]. */
  readonly coordinates: Float32Array;
  /** Share of the variance of the vectors that the plane shows, from 0 to 1. */
  readonly shown: number;
}

/**
 * Where items stand on a plane on which those with similar vectors are near each other.
 *
 * @param items dense ids
 * @returns `undefined` for a model without item vectors, or fewer than three items
 */
export function itemPlane(ranker: Pick<Ranker, 'vectorOf'>, items: readonly number[]): ItemPlane | undefined {
  let vectors: Float32Array[];
  try {
    vectors = items.map((item) => ranker.vectorOf(item));
  } catch (error) {
    if (isTowerkitError(error, 'NO_VECTORS')) return undefined;
    throw error;
  }
  if (vectors.length < 3 || vectors[0].length < 2) return undefined;
  const matrix = new Matrix(vectors.length, vectors[0].length);
  // Of length 1: likeness is the cosine, and lengths say how popular an item is.
  for (const [row, vector] of vectors.entries()) {
    const length = Math.hypot(...vector) || 1;
    matrix.data.set(
      vector.map((value) => value / length),
      row * matrix.cols,
    );
  }
  const { coordinates, shares } = principalComponents(matrix, 2, new Rng(0));
  return { coordinates: coordinates.data, shown: shares[0] + shares[1] };
}
