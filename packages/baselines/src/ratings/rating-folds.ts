import { CsrMatrix, Rng, TowerkitError } from '@towerkit/core';

/** One part of the ratings to test on, and the rest to learn from. */
export interface RatingFold {
  /** Users x items, ratings of a user in the order they had. */
  readonly train: CsrMatrix;
  /** Pairs that were held back, and how they were rated, shape [n] each. */
  readonly users: Int32Array;
  readonly items: Int32Array;
  readonly ratings: Float32Array;
}

/**
 * Deals ratings at random into equal parts, each of which is held back once; the first ones are larger by one where
 * they do not come out even.
 *
 * @param ratings users x items with values
 * @throws TowerkitError `BAD_OPTION` for fewer than 2 folds or more than ratings, `EMPTY_DATA` without values
 */
export function ratingFolds(
  ratings: CsrMatrix,
  { folds = 5, seed = 0 }: { folds?: number; seed?: number } = {},
): RatingFold[] {
  const { rows, cols, indptr, indices, values } = ratings;
  if (values === undefined) throw new TowerkitError('EMPTY_DATA', 'the matrix has no ratings for values');
  const entries = indices.length;
  if (!Number.isInteger(folds) || folds < 2 || folds > entries)
    throw new TowerkitError('BAD_OPTION', `folds must be from 2 to the ${entries} ratings, got ${folds}`, {
      details: { option: 'folds', value: folds },
    });
  const order = new Rng(seed).shuffle(Int32Array.from({ length: entries }, (_, k) => k));
  const foldOf = new Int32Array(entries);
  for (let fold = 0, at = 0; fold < folds; fold++) {
    const size = Math.floor(entries / folds) + (fold < entries % folds ? 1 : 0);
    for (const end = at + size; at < end; at++) foldOf[order[at]] = fold;
  }
  const rowOf = new Int32Array(entries);
  for (let row = 0; row < rows; row++) rowOf.fill(row, indptr[row], indptr[row + 1]);
  return Array.from({ length: folds }, (_, fold) => {
    const pick = (held: boolean) => {
      const kept = Int32Array.from({ length: entries }, (_, k) => k).filter(
        (k) => (foldOf[k] === fold) === held,
      );
      return {
        users: kept.map((k) => rowOf[k]),
        items: kept.map((k) => indices[k]),
        ratings: Float32Array.from(kept, (k) => values[k]),
      };
    };
    const train = pick(false);
    return {
      train: CsrMatrix.fromPairs(rows, cols, train.users, train.items, train.ratings),
      ...pick(true),
    };
  });
}
