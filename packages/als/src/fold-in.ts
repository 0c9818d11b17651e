import { CsrMatrix, Matrix } from '@towerkit/core';
import type { KernelPool } from '@towerkit/kernels/internal';

import { HalfStep } from './half-step.js';
import { longestFirst, reordered } from './longest-first.js';
import type { RowRegularization } from './row-regularization.js';
import { cost, exact } from './row-solver.js';
import { narrow, side, widen } from './side.js';

/** Rows at a time: what they take of the pool's memory stays bounded. */
const BATCH = 16_384;

/** Solves new rows, exactly, against factors that stay. Its buffers stay in the pool's memory. */
export class FoldIn {
  /** Of the fixed factors, float64. */
  readonly gram: Float64Array;
  readonly #step: HalfStep;
  readonly #factors: number;
  readonly #regularization: RowRegularization;

  private constructor(step: HalfStep, factors: number, regularization: RowRegularization) {
    this.gram = step.gram();
    this.#step = step;
    this.#factors = factors;
    this.#regularization = regularization;
  }

  /** @param fixed factors of the other side; `width` is their length in the pool's memory */
  static async open(
    pool: KernelPool,
    fixed: Matrix,
    width: number,
    regularization: RowRegularization,
  ): Promise<FoldIn> {
    const step = new HalfStep(pool, width, fixed.rows, regularization);
    const mark = pool.memory.mark();
    const factors = pool.memory.floats(fixed.rows * width).fill(0);
    widen(fixed, width, factors);
    await step.prepare(fixed.rows, factors);
    pool.memory.release(mark);
    return new FoldIn(step, fixed.cols, regularization);
  }

  /** Factors of the rows of a matrix of gains, shape [rows, factors]. Calls must not overlap. */
  async solve(gains: CsrMatrix): Promise<Matrix> {
    const { pool, width } = this.#step;
    const how = exact(width);
    const out = new Matrix(gains.rows, this.#factors);
    for (let from = 0; from < gains.rows; from += BATCH) {
      const part = slice(gains, from, Math.min(gains.rows, from + BATCH));
      const mark = pool.memory.mark();
      try {
        const order = longestFirst(part.indptr);
        const sorted = reordered(part, order);
        const rows = side(pool.memory, sorted, width, this.#regularization.of(sorted), cost(how, width));
        await this.#step.solve(rows, how);
        out.data.set(narrow(rows.factors, width, this.#factors, order).data, from * this.#factors);
      } finally {
        pool.memory.release(mark);
      }
    }
    return out;
  }
}

/** Some rows of a matrix. */
function slice({ cols, indptr, indices, values }: CsrMatrix, from: number, to: number): CsrMatrix {
  const [start, end] = [indptr[from], indptr[to]];
  const ends = indptr.slice(from, to + 1).map((at) => at - start);
  return new CsrMatrix(to - from, cols, ends, indices.subarray(start, end), values!.subarray(start, end));
}
