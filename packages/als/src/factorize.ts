import { Rng, TowerkitError, type CsrMatrix, type FitOptions, type Matrix } from '@towerkit/core';
import { alsScratch, KernelPool } from '@towerkit/kernels/internal';

import { confidences } from './confidences.js';
import { HalfStep } from './half-step.js';
import { longestFirst, reordered } from './longest-first.js';
import { loss } from './loss.js';
import type { Settings } from './options.js';
import { RowRegularization } from './row-regularization.js';
import { cost, exact, rowSolver } from './row-solver.js';
import { narrow, side, widen, widthOf, type Side } from './side.js';

/** Factors to begin with; what is missing is worked out from the other side or drawn. */
export interface Start {
  /** Shape [users, factors]. */
  readonly users?: Matrix;
  /** Shape [items, factors]. */
  readonly items?: Matrix;
}

/** What a fit gives. */
export interface Factors {
  /** Shape [users, factors]. */
  readonly users: Matrix;
  /** Shape [items, factors]. */
  readonly items: Matrix;
  readonly regularization: RowRegularization;
}

/** Row boundaries of rows of the given lengths. */
function ends(lengths: Int32Array): Int32Array {
  const out = new Int32Array(lengths.length + 1);
  lengths.forEach((length, i) => (out[i + 1] = out[i] + length));
  return out;
}

/** Upper end of the first user factors, for one factor; measured to give the least loss for 16 to 256 factors. */
const FIRST = 0.0075 / 64;

/** Alternating least squares on threads of its own. */
export async function factorize(
  matrix: CsrMatrix,
  options: Settings,
  { onProgress, signal, start = {} }: FitOptions & { readonly start?: Start },
): Promise<Factors> {
  signal?.throwIfAborted();
  if (matrix.rows === 0 || matrix.cols === 0)
    throw new TowerkitError(
      'EMPTY_DATA',
      `a matrix of ${matrix.rows} users and ${matrix.cols} items has no factors`,
    );
  const { factors, iterations, exponent, unobservedWeight, computeLoss } = options;
  checkStart('users', start.users, matrix.rows, factors);
  checkStart('items', start.items, matrix.cols, factors);
  const gains = confidences(matrix, options.alpha);
  const userOrder = longestFirst(gains.indptr);
  const itemOrder = longestFirst(ends(gains.columnCounts()));
  const rows = reordered(gains, userOrder, itemOrder);
  const columns = rows.transpose();
  const regularization = RowRegularization.normalized(options.regularization, exponent, unobservedWeight, [
    rows,
    columns,
  ]);
  const width = widthOf(factors);
  const pool = new KernelPool({ threads: options.threads, scratch: alsScratch(width) });
  try {
    const solver = rowSolver(options, width);
    const price = cost(solver, width);
    const users = side(pool.memory, rows, width, regularization.of(rows), price);
    const items = side(pool.memory, columns, width, regularization.of(columns), price);
    const step = new HalfStep(pool, width, Math.max(rows.rows, rows.cols), regularization);
    const half = async (target: Side, fixed: Side, how = solver) => {
      signal?.throwIfAborted();
      await step.prepare(fixed.rows, fixed.factors, target);
      await step.solve(target, how);
    };
    if (start.items) widen(start.items, width, items.factors, itemOrder);
    if (start.users) widen(start.users, width, users.factors, userOrder);
    else if (start.items) await half(users, items, exact(width));
    else draw(users, width, options);
    for (let done = 1; done <= iterations; done++) {
      const began = performance.now();
      await half(items, users);
      const last = done === iterations && options.solver === 'auto';
      await half(users, items, last ? exact(width) : solver);
      const seconds = (performance.now() - began) / 1000;
      const figures: Record<string, number> = computeLoss
        ? { seconds, loss: await loss(step, users, items) }
        : { seconds };
      onProgress?.({ stage: 'fit', done, total: iterations, unit: 'iterations', figures });
    }
    signal?.throwIfAborted();
    return {
      users: narrow(users.factors, width, factors, userOrder),
      items: narrow(items.factors, width, factors, itemOrder),
      regularization,
    };
  } finally {
    await pool.close();
  }
}

/**
 * Factors uniform from 0, for then the first half iteration finds what is popular, and the others what deviates: fewer
 * iterations to the same loss than from factors around 0.
 */
function draw({ rows, factors }: Side, width: number, { factors: count, seed }: Settings): void {
  const rng = new Rng(seed).fork('users');
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < count; i++) factors[row * width + i] = count * FIRST * rng.uniform();
}

function checkStart(name: string, start: Matrix | undefined, rows: number, factors: number): void {
  if (start === undefined) return;
  if (start.rows !== rows || start.cols !== factors)
    throw new TowerkitError(
      'SHAPE_MISMATCH',
      `start.${name} is ${start.rows} x ${start.cols}, the fit needs ${rows} x ${factors}`,
    );
  const at = start.data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0)
    throw new TowerkitError(
      'BAD_VALUE',
      `start.${name}: row ${Math.floor(at / factors)} holds ${start.data[at]}`,
      {
        details: { row: Math.floor(at / factors), column: at % factors, value: start.data[at] },
      },
    );
}
