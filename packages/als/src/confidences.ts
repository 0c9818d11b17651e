import { CsrMatrix, TowerkitError } from '@towerkit/core';

/**
 * What the entries add to the unobserved weight: gains alpha * r, the entries of a pair added up, those of 0 left out (an
 * entry of 0 says no more than none). A copy.
 *
 * @throws TowerkitError `BAD_VALUE` naming the row, for a value that is negative or not finite, or that alpha makes so
 */
export function confidences(matrix: CsrMatrix, alpha: number): CsrMatrix {
  const { rows, cols, indptr, indices, values } = matrix;
  const ends = new Int32Array(rows + 1);
  const columns = new Int32Array(indices.length);
  const gains = new Float32Array(indices.length);
  const place = new Int32Array(cols).fill(-1); // of a column among the entries of the row
  let end = 0;
  for (let row = 0; row < rows; row++) {
    const start = end;
    for (let k = indptr[row]; k < indptr[row + 1]; k++) {
      const column = indices[k];
      const value = values === undefined ? 1 : values[k];
      const gain = Math.fround(alpha * value);
      if (!(value >= 0 && gain < Infinity)) throw badValue(row, column, value);
      if (gain === 0) continue;
      if (place[column] < start) {
        place[column] = end;
        columns[end] = column;
        gains[end++] = gain;
      } else {
        gains[place[column]] += gain; // rounded to 32 bits: only what is stored tells whether it is still finite
        if (gains[place[column]] === Infinity) throw badValue(row, column, value);
      }
    }
    ends[row + 1] = end;
  }
  return new CsrMatrix(rows, cols, ends, columns.slice(0, end), gains.slice(0, end));
}

const badValue = (row: number, column: number, value: number) =>
  new TowerkitError('BAD_VALUE', `row ${row}: column ${column} has the value ${value}`, {
    hint: 'values must be finite, also times alpha, and not negative',
    details: { row, column, value },
  });
