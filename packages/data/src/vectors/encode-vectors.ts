import { Matrix } from '@towerkit/core';

/** How vectors that are given became inputs. */
export interface VectorEncoding {
  readonly kind: 'vector';
  /** Number of components of a vector. */
  readonly dimensions: number;
  /** Whether each is scaled to a length of 1. */
  readonly normalize: boolean;
  /** Whether a last component flags rows without a vector. */
  readonly missing: boolean;
}

/** Width of the inputs that an encoding makes. */
export const vectorWidth = ({
  dimensions,
  missing,
}: Pick<VectorEncoding, 'dimensions' | 'missing'>): number => dimensions + (missing ? 1 : 0);

/**
 * Vectors as inputs: scaled to a length of 1 where the encoding says so (one of zeros stays zeros), and zeros for a row without
 * one.
 *
 * @param vectors of `dimensions` finite numbers each, null for a row without one: [rows]
 * @returns [rows, {@link vectorWidth}]
 */
export function encodeVectors(
  vectors: readonly (ArrayLike<number> | null)[],
  encoding: VectorEncoding,
): Matrix {
  const { dimensions, normalize, missing } = encoding;
  const out = new Matrix(vectors.length, vectorWidth(encoding));
  vectors.forEach((vector, place) => {
    const row = out.row(place);
    if (vector === null) {
      if (missing) row[dimensions] = 1;
      return;
    }
    let square = 0;
    if (normalize) for (let i = 0; i < dimensions; i++) square += vector[i] * vector[i];
    const scale = square > 0 ? 1 / Math.sqrt(square) : 1;
    for (let i = 0; i < dimensions; i++) row[i] = vector[i] * scale;
  });
  return out;
}

/** What an encoding takes, of a value that it does not; `undefined` for one that it does. */
export function expectedVector(
  value: unknown,
  { dimensions }: Pick<VectorEncoding, 'dimensions'>,
): string | undefined {
  if (value === null) return undefined;
  const isVector =
    (Array.isArray(value) || value instanceof Float32Array || value instanceof Float64Array) &&
    value.length === dimensions &&
    Array.prototype.every.call(value, (one) => typeof one === 'number' && Number.isFinite(Math.fround(one)));
  return isVector ? undefined : `a list of ${dimensions} finite numbers`;
}
