import { CsrMatrix, TowerkitError } from '@towerkit/core';

/** A batch and its candidates, as {@link HistoryMask.pairs} needs them. */
export interface MaskedBatch {
  /** User of each row, shape [rows] or longer. Rows of one user are cheapest side by side. */
  readonly users: Int32Array;
  /** Number of rows. */
  readonly rows: number;
  /** Column of each row's own positive, shape [rows] or longer: never masked. */
  readonly positions: Int32Array;
  /** Column of each item among the candidates, -1 for the others, shape [items]. */
  readonly columnOf: Int32Array;
  /** Receives the pairs: row, column, row, column, ... */
  readonly out: Int32Array;
}

/**
 * Finds the candidates that a row must not take for negatives: what stands in its user's own history.
 * They come as index pairs, a few per row, instead of a dense rows x candidates mask.
 */
export class HistoryMask {
  /** Histories without repeats, users x items. */
  readonly #histories: CsrMatrix;
  /** Columns of the present user's history, shape [longest history]. */
  readonly #columns: Int32Array;

  /** @param histories items of each user, users x items, in any order, repeats allowed */
  constructor(histories: CsrMatrix) {
    this.#histories = withoutRepeats(histories);
    const { indptr, rows } = this.#histories;
    let longest = 0;
    for (let user = 0; user < rows; user++) longest = Math.max(longest, indptr[user + 1] - indptr[user]);
    this.#columns = new Int32Array(longest);
  }

  /** The most pairs that these rows can give, whatever the candidates: `out` needs twice as many places. */
  bound(users: Int32Array, rows: number): number {
    const { indptr } = this.#histories;
    let pairs = 0;
    for (let row = 0; row < rows; row++) pairs += indptr[users[row] + 1] - indptr[users[row]];
    return pairs;
  }

  /**
   * Writes each pair (row, column) whose candidate stands in the history of the row's user and is not the row's
   * own positive, each once, ordered by row. Takes O(sum of history lengths) and allocates nothing.
   *
   * @returns number of pairs; twice as many numbers were written
   * @throws TowerkitError `CAPACITY` when `out` is too short, `OUT_OF_RANGE` for an unknown user
   */
  pairs({ users, rows, positions, columnOf, out }: MaskedBatch): number {
    const { indptr, indices, rows: known, cols } = this.#histories;
    const columns = this.#columns;
    if (users.length < rows || positions.length < rows || columnOf.length < cols)
      throw new TowerkitError('SHAPE_MISMATCH', `users, positions or columnOf do not cover ${rows} rows`);
    let end = 0;
    let found = 0;
    for (let row = 0; row < rows; row++) {
      const user = users[row];
      if (!(user >= 0 && user < known))
        throw new TowerkitError('OUT_OF_RANGE', `user ${user} is outside [0, ${known})`, {
          details: { row, user },
        });
      if (row === 0 || user !== users[row - 1]) {
        found = 0;
        for (let k = indptr[user]; k < indptr[user + 1]; k++) {
          const column = columnOf[indices[k]];
          if (column >= 0) columns[found++] = column;
        }
      }
      for (let k = 0; k < found; k++)
        if (columns[k] !== positions[row]) {
          if (end + 2 > out.length) throw noRoom(row, out.length);
          out[end++] = row;
          out[end++] = columns[k];
        }
    }
    return end / 2;
  }
}

const noRoom = (row: number, places: number) =>
  new TowerkitError('CAPACITY', `the mask's pairs do not fit into ${places} places`, {
    hint: 'bound(users, rows) tells how many pairs may come; each takes two places',
    details: { row },
  });

function withoutRepeats(histories: CsrMatrix): CsrMatrix {
  const { rows, cols, indptr, indices } = histories;
  const lastUser = new Int32Array(cols).fill(-1);
  const starts = new Int32Array(rows + 1);
  const kept = new Int32Array(indices.length);
  let end = 0;
  for (let user = 0; user < rows; user++) {
    for (let k = indptr[user]; k < indptr[user + 1]; k++)
      if (lastUser[indices[k]] !== user) {
        lastUser[indices[k]] = user;
        kept[end++] = indices[k];
      }
    starts[user + 1] = end;
  }
  return new CsrMatrix(rows, cols, starts, kept.subarray(0, end));
}
