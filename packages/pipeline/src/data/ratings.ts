import { CsrMatrix } from '@towerkit/core';

/** The same entries without ratings: each of value 1. */
export const withoutRatings = ({ rows, cols, indptr, indices }: CsrMatrix): CsrMatrix =>
  new CsrMatrix(rows, cols, indptr, indices);

/** The entries that have a rating: where rows are of several kinds, not all do, and the value of the rest is NaN. */
export function ratedEntries(matrix: CsrMatrix): CsrMatrix {
  const { rows, cols, indptr, indices, values } = matrix;
  if (!values?.some(Number.isNaN)) return matrix;
  const kept = Int32Array.from(indices.keys()).filter((entry) => !Number.isNaN(values[entry]));
  const ends = new Int32Array(rows + 1);
  for (let row = 0, at = 0; row < rows; row++) {
    while (at < kept.length && kept[at] < indptr[row + 1]) at++;
    ends[row + 1] = at;
  }
  return new CsrMatrix(
    rows,
    cols,
    ends,
    kept.map((entry) => indices[entry]),
    Float32Array.from(kept, (entry) => values[entry]),
  );
}

/** Mean and range, the lowest and the highest, of the ratings that are no NaN; `undefined` where there are none. */
export function ratingFigures(
  ratings: Float32Array = new Float32Array(0),
): { readonly mean: number; readonly range: readonly [number, number] } | undefined {
  let [count, sum, low, high] = [0, 0, Infinity, -Infinity];
  for (const rating of ratings) {
    if (Number.isNaN(rating)) continue;
    count++;
    sum += rating;
    low = Math.min(low, rating);
    high = Math.max(high, rating);
  }
  return count === 0 ? undefined : { mean: sum / count, range: [low, high] };
}

/** The mean of the ratings that a model was trained on, as its manifest notes it: what is predicted where nothing is known. */
export function meanRating(ratings: Float32Array | undefined): { readonly meanRating?: number } {
  const figures = ratingFigures(ratings);
  return figures ? { meanRating: figures.mean } : {};
}
