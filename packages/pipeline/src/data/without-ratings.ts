import { CsrMatrix } from '@towerkit/core';

/** What was taken, however it was rated: the same entries, each of value 1. */
export const withoutRatings = ({ rows, cols, indptr, indices }: CsrMatrix): CsrMatrix =>
  new CsrMatrix(rows, cols, indptr, indices);
