import { TowerkitError } from '../errors.js';

/**
 * Item ids of many users: those of user `u` are `indices[indptr[u] .. indptr[u + 1]]`. A `CsrMatrix` of
 * `@towerkit/core` is one.
 */
export interface CsrRows {
  /** Row boundaries, shape [users + 1], non-decreasing, from 0. */
  readonly indptr: Int32Array;
  /** Item ids; -1 stands for an item that the catalog does not know. */
  readonly indices: Int32Array;
}

/** Refuses rows whose boundaries or item ids are wrong; returns how many rows there are. */
export function requireRows(name: string, rows: CsrRows, items: number): number {
  const { indptr, indices } = rows;
  const count = indptr.length - 1;
  if (count < 0 || indptr[0] !== 0 || indptr[count] !== indices.length)
    throw new TowerkitError(
      'SHAPE_MISMATCH',
      `${name}: indptr must run from 0 to the number of indices, ${indices.length}`,
    );
  for (let row = 0; row < count; row++)
    if (indptr[row + 1] < indptr[row])
      throw new TowerkitError('SHAPE_MISMATCH', `${name}: row ${row} ends before it starts`, {
        details: { row },
      });
  for (let i = 0; i < indices.length; i++)
    if (indices[i] < -1 || indices[i] >= items)
      throw new TowerkitError('BAD_ITEM', `${name}: item ${indices[i]} is outside [0, ${items})`, {
        hint: 'write -1 for an item that the catalog does not know',
        details: { index: i, item: indices[i] },
      });
  return count;
}

/** Rows of one entry each. */
export function singleRows(items: Int32Array): CsrRows {
  return { indptr: Int32Array.from({ length: items.length + 1 }, (_, row) => row), indices: items };
}
