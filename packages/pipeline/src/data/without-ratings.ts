import { CsrMatrix } from '@towerkit/core';

/** The same entries without ratings: each of value 1. */
export const withoutRatings = ({ rows, cols, indptr, indices }: CsrMatrix): CsrMatrix =>
  new CsrMatrix(rows, cols, indptr, indices);
