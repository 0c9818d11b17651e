import { CsrMatrix, TowerkitError } from '@towerkit/core';

/**
 * Histories as a matrix, one row each.
 *
 * @param cols how many items (or users) there are
 * @param what for the message
 * @throws TowerkitError `OUT_OF_RANGE` naming the row
 */
export function historyMatrix(
  histories: readonly ArrayLike<number>[],
  cols: number,
  what: 'item' | 'user',
  values?: Float32Array,
): CsrMatrix {
  histories.forEach((history, row) => {
    for (let k = 0; k < history.length; k++) checkIndex(what, history[k], cols, row);
  });
  const { indptr, indices } = CsrMatrix.fromRows(histories, cols);
  return new CsrMatrix(histories.length, cols, indptr, indices, values);
}

/** @throws TowerkitError `OUT_OF_RANGE` unless `value` is an integer in [0, size) */
export function checkIndex(what: 'item' | 'user', value: number, size: number, row?: number): void {
  if (value >= 0 && value < size && Number.isInteger(value)) return;
  const place = row === undefined ? '' : `row ${row}: `;
  throw new TowerkitError('OUT_OF_RANGE', `${place}${what} ${value} is outside [0, ${size})`, {
    details: { ...(row !== undefined && { row }), [what]: value, size },
  });
}

/** Values of a history, one for each of its ids; absent where all are 1. @throws TowerkitError `SHAPE_MISMATCH` */
export function valuesOf(ids: ArrayLike<number>, values?: ArrayLike<number>): Float32Array | undefined {
  if (values !== undefined && values.length !== ids.length)
    throw new TowerkitError('SHAPE_MISMATCH', `${ids.length} ids but ${values.length} values`);
  return values && Float32Array.from(values);
}
