import { TowerkitError, type CsrMatrix, type Matrix } from '@towerkit/core';
import { alsScratch, KernelPool } from '@towerkit/kernels/internal';

import { confidences } from './confidences.js';
import { HalfStep } from './half-step.js';
import { loss } from './loss.js';
import { settings, type AlsOptions } from './options.js';
import { RowRegularization } from './row-regularization.js';
import { side, widen, widthOf } from './side.js';

/**
 * The loss of any factors, also another program's, over a matrix; see {@link Als} for what it is. No dense users x items
 * array is made.
 *
 * @param interactions users x items, values as in `fit`
 * @param factors users [users, f] and items [items, f]
 * @param options alpha, regularization, unobservedWeight and exponent count; `factors` is taken from the matrices
 * @throws TowerkitError `SHAPE_MISMATCH`, `BAD_VALUE`, `BAD_OPTION`
 */
export async function lossOf(
  interactions: CsrMatrix,
  { users, items }: { readonly users: Matrix; readonly items: Matrix },
  options: AlsOptions = {},
): Promise<number> {
  if (users.cols !== items.cols || users.rows !== interactions.rows || items.rows !== interactions.cols)
    throw new TowerkitError(
      'SHAPE_MISMATCH',
      `factors of ${users.rows} x ${users.cols} and ${items.rows} x ${items.cols} do not fit ` +
        `a matrix of ${interactions.rows} x ${interactions.cols}`,
    );
  const {
    alpha,
    regularization: mean,
    exponent,
    unobservedWeight,
    threads,
  } = settings({
    ...options,
    factors: users.cols,
  });
  const rows = confidences(interactions, alpha);
  const columns = rows.transpose();
  const regularization = RowRegularization.normalized(mean, exponent, unobservedWeight, [rows, columns]);
  const width = widthOf(users.cols);
  const pool = new KernelPool({ threads, scratch: alsScratch(width) });
  try {
    const [left, right] = (
      [
        [rows, users],
        [columns, items],
      ] as const
    ).map(([gains, factors]) => {
      const one = side(pool.memory, gains, width, regularization.of(gains), () => 0);
      widen(factors, width, one.factors);
      return one;
    });
    return await loss(new HalfStep(pool, width, 0, regularization), left, right);
  } finally {
    await pool.close();
  }
}
