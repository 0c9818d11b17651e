import { Matrix, TowerkitError } from '@towerkit/core';

import { RunningMeans } from './running-means.js';

/** Who is not one person. */
export interface RunningMeanOptions {
  /** Users beside -1 whose rows belong to anonymous users, such as the id of a shared account. */
  readonly anonymous?: Iterable<number>;
}

/**
 * For each row what was known of its user before it: the mean of the embeddings of that user's earlier rows, and a vector
 * of zeros for a user's first. With t(r) the place of row r in `order`:
 *
 *     out_r = mean of x_s over the rows s with user_s = user_r and t(s) < t(r)
 *
 * An anonymous row (user -1, or one of `anonymous`) has the mean of all earlier rows, whoever they are of; the first of
 * all has zeros. Anonymous rows enter that global mean like any other. A row never sees itself or a later one.
 *
 * One pass in the given order, O(rows * columns); sums are kept in float64, 8 bytes a column for each user.
 *
 * @param embeddings one row for each event, shape [rows, columns], finite
 * @param users user of each row, shape [rows], integers of at least -1
 * @param order rows, from the earliest to the latest, each at most once; a row that is not in it has zeros and is not
 *   counted
 * @returns shape [rows, columns]; row r belongs to row r of `embeddings`
 * @throws TowerkitError `SHAPE_MISMATCH`, `BAD_VALUE` naming the row of a user or value that is none, `BAD_ORDER` for a
 *   place that is no row or a row that comes twice
 * @example
 * ```ts
 * const x = new Matrix(3, 1, Float32Array.of(2, 4, 6));
 * runningMean(x, [7, 7, 7], [0, 1, 2]).data; // 0, 2, 3
 * ```
 */
export function runningMean(
  embeddings: Matrix,
  users: ArrayLike<number>,
  order: ArrayLike<number>,
  { anonymous = [] }: RunningMeanOptions = {},
): Matrix {
  const { rows, cols } = embeddings;
  if (users.length !== rows)
    throw new TowerkitError('SHAPE_MISMATCH', `${rows} rows of embeddings but ${users.length} users`);
  const means = new RunningMeans(cols, anonymous);
  const seen = new Uint8Array(rows);
  const out = new Matrix(rows, cols);
  for (let place = 0; place < order.length; place++) {
    const row = order[place];
    checkPlace(place, row, seen);
    const vector = finite(embeddings.row(row), row);
    const user = users[row];
    if (!Number.isSafeInteger(user) || user < -1)
      throw new TowerkitError('BAD_VALUE', `row ${row}: ${user} is no user`, {
        details: { row, value: user },
      });
    means.write(user, out.row(row));
    means.add(user, vector);
  }
  return out;
}

function checkPlace(place: number, row: number, seen: Uint8Array): void {
  if (!(row >= 0 && row < seen.length && Number.isInteger(row)))
    throw new TowerkitError(
      'BAD_ORDER',
      `place ${place} of the order: ${row} is outside [0, ${seen.length})`,
      {
        details: { place, row },
      },
    );
  if (seen[row] === 1)
    throw new TowerkitError('BAD_ORDER', `place ${place} of the order: row ${row} comes twice`, {
      details: { place, row },
    });
  seen[row] = 1;
}

function finite(vector: Float32Array, row: number): Float32Array {
  for (let c = 0; c < vector.length; c++)
    if (!Number.isFinite(vector[c]))
      throw new TowerkitError('BAD_VALUE', `row ${row}: column ${c} holds ${vector[c]}`, {
        details: { row, column: c, value: vector[c] },
      });
  return vector;
}
