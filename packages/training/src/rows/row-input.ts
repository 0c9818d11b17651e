import { TowerkitError, type CsrMatrix, type Matrix } from '@towerkit/core';

/** One input of a model of rows, as the host feeds it. */
export interface RowInput {
  /** Width of a row. */
  readonly dimensions: number;
  /** Copies the first `count` of the rows asked for into `out`, [count, dimensions]. */
  gather(rows: Int32Array, count: number, out: Float32Array): void;
}

/** Rows to learn from or to judge. */
export interface Rows {
  readonly count: number;
  readonly inputs: Readonly<Record<string, RowInput>>;
}

/**
 * Row r reads row `index[r]` of a matrix, row r itself without an index: what many rows share stands there once.
 *
 * @throws TowerkitError `OUT_OF_RANGE` for an index that is no row
 */
export function indexedRows({ rows, cols, data }: Matrix, index?: Int32Array): RowInput {
  index?.forEach((row, place) => {
    if (!(row >= 0 && row < rows))
      throw new TowerkitError('OUT_OF_RANGE', `row ${place}: ${row} is outside [0, ${rows})`, {
        details: { index: place, row },
      });
  });
  return {
    dimensions: cols,
    gather(wanted, count, out) {
      for (let place = 0; place < count; place++) {
        const from = (index ? index[wanted[place]] : wanted[place]) * cols;
        out.set(data.subarray(from, from + cols), place * cols);
      }
    },
  };
}

/** One number for each row. */
export function numberRows(values: ArrayLike<number>): RowInput {
  return {
    dimensions: 1,
    gather(wanted, count, out) {
      for (let place = 0; place < count; place++) out[place] = values[wanted[place]];
    },
  };
}

/**
 * Row r reads the last `length` of a list of rows of a matrix, side by side, zeros behind them; `present` says which
 * places hold one.
 *
 * @param lists rows of the matrix for each row, from the earliest to the latest
 */
export function setRows(
  { cols, data }: Matrix,
  { indptr, indices }: Pick<CsrMatrix, 'indptr' | 'indices'>,
  length: number,
): { readonly values: RowInput; readonly present: RowInput } {
  const start = (row: number) => Math.max(indptr[row], indptr[row + 1] - length);
  return {
    values: {
      dimensions: length * cols,
      gather(wanted, count, out) {
        out.fill(0, 0, count * length * cols);
        for (let place = 0; place < count; place++) {
          const row = wanted[place];
          for (let k = start(row), to = place * length * cols; k < indptr[row + 1]; k++, to += cols)
            out.set(data.subarray(indices[k] * cols, (indices[k] + 1) * cols), to);
        }
      },
    },
    present: {
      dimensions: length,
      gather(wanted, count, out) {
        for (let place = 0; place < count; place++) {
          const held = indptr[wanted[place] + 1] - start(wanted[place]);
          out.fill(1, place * length, place * length + held);
          out.fill(0, place * length + held, (place + 1) * length);
        }
      },
    },
  };
}
