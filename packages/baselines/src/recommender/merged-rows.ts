import { CsrMatrix, TowerkitError } from '@towerkit/core';

/**
 * Each user's distinct items in order of id: entries of the same item become one. Without values every entry is 1;
 * with values they add up, and what adds up to 0 is left out.
 *
 * @throws TowerkitError `BAD_VALUE` naming the row of a value that is negative or not finite
 */
export function mergedRows({ rows, cols, indptr, indices, values }: CsrMatrix): CsrMatrix {
  const ends = new Int32Array(rows + 1);
  const columns = new Int32Array(indices.length);
  const merged = values && new Float32Array(indices.length);
  const sum = new Float64Array(values ? cols : 0);
  let end = 0;
  for (let row = 0; row < rows; row++) {
    const own = indices.slice(indptr[row], indptr[row + 1]).sort();
    for (let k = indptr[row]; values && k < indptr[row + 1]; k++) {
      const value = values[k];
      if (!(value >= 0 && value < Infinity))
        throw new TowerkitError('BAD_VALUE', `row ${row}: item ${indices[k]} has the value ${value}`, {
          hint: 'values must be finite and not negative',
          details: { row, column: indices[k], value },
        });
      sum[indices[k]] += value;
    }
    for (let k = 0; k < own.length; k++) {
      const column = own[k];
      if (k > 0 && column === own[k - 1]) continue;
      if (merged) {
        merged[end] = sum[column];
        sum[column] = 0;
        if (merged[end] === 0) continue;
      }
      columns[end++] = column;
    }
    ends[row + 1] = end;
  }
  return new CsrMatrix(rows, cols, ends, columns.slice(0, end), merged?.slice(0, end));
}
