import { eigen, gemm, GEMM_ROWS, job, type Job, type KernelPool } from '@towerkit/kernels/internal';

import type { RowRegularization } from './row-regularization.js';
import type { RowSolver } from './row-solver.js';
import type { Side } from './side.js';

/** Partial sums of a Gram matrix, at most. */
const PARTIALS = 32;
/** Rows that the kernel sums at a time. */
const GRAM_ROWS = 128;
/** How the kernel is told where a packed matrix holds zeros. */
const LEADING = 1;
const TRAILING = 2;
/** Multiplications in the time that reading a value from far away takes, measured. */
const GATHER = 24;
/** Error, relative to the row, at which conjugate gradients end. */
const TOLERANCE = 1e-6;

/**
 * Solves one side against the other. With G the Gram matrix of the fixed factors, rows are solved in coordinates in which
 * K = (weight G + lambda I)^-1 is the unit matrix: those of the Cholesky factor where lambda is one for all rows, those of
 * the eigenvectors, scaled row by row, where it is not.
 */
export class HalfStep {
  readonly #partial: Float32Array;
  readonly #work: Float32Array;
  readonly #forward: Float32Array;
  readonly #back: Float32Array;
  readonly #warm: Float32Array;
  readonly #whitened: Float32Array;
  readonly #spectrum: Float32Array;
  #direct: Float32Array | undefined;
  #partials = 0;
  #useDirect = false;

  /**
   * @param width floats of a row of factors, a multiple of 8
   * @param rows the most rows that fixed factors have
   */
  constructor(
    readonly pool: KernelPool,
    readonly width: number,
    rows: number,
    readonly regularization: RowRegularization,
  ) {
    const square = width * width;
    const { memory } = pool;
    this.#partial = memory.floats(PARTIALS * square);
    this.#work = memory.floats(4 * square);
    this.#forward = memory.floats(square);
    this.#back = memory.floats(square);
    this.#warm = memory.floats(square);
    this.#whitened = memory.floats(rows * width);
    this.#spectrum = memory.floats(width);
  }

  /**
   * Makes ready to solve rows against `rows` fixed factors.
   *
   * @param targets rows that are to be solved and their entries; where the rows are many and short, the way back from
   *   whitened coordinates is taken by the fixed rows, of which they are sums
   */
  async prepare(
    rows: number,
    factors: Float32Array,
    targets?: { readonly rows: number; readonly indices: Int32Array },
  ): Promise<void> {
    const { width, regularization, pool } = this;
    const gram = this.#gram(rows, factors);
    const blocks = Math.ceil(rows / GEMM_ROWS);
    this.#useDirect =
      regularization.exponent === 0 &&
      targets !== undefined &&
      width * (targets.rows - rows) > GATHER * targets.indices.length;
    if (regularization.exponent === 0) {
      const { unobservedWeight, scale } = regularization;
      const parts = [width, this.#partial, this.#partials] as const;
      const out = [this.#work, this.#forward, this.#back, this.#warm] as const;
      const jobs = [
        gram,
        job('alsWhiten', 1, ...parts, unobservedWeight, scale, ...out),
        job('alsProject', blocks, rows, width, factors, this.#forward, LEADING, this.#whitened),
      ];
      if (this.#useDirect) {
        this.#direct ??= pool.memory.floats(rows * width);
        jobs.push(job('alsProject', blocks, rows, width, this.#whitened, this.#back, TRAILING, this.#direct));
      }
      await pool.run(...jobs);
      return;
    }
    await pool.run(gram);
    const { values, vectors } = eigen(this.gram(), width);
    for (let i = 0; i < width; i++)
      this.#spectrum[i] = regularization.unobservedWeight * Math.max(0, values[i]);
    for (let row = 0; row < width; row++)
      for (let column = 0; column < width; column++) {
        const place = ((row >> 3) * width + column) * 8 + (row & 7);
        this.#forward[place] = this.#warm[place] = vectors[row * width + column];
        this.#back[place] = vectors[column * width + row];
      }
    await pool.run(
      gemm({ m: rows, n: width, k: width, a: factors, packed: this.#forward, c: this.#whitened }),
    );
  }

  /** Solves every row of `target` against what was prepared last. */
  solve(target: Side, { limit, steps, warm }: RowSolver): Promise<void> {
    const { indptr, indices, gains, starts, factors, lambdas } = target;
    const direct = this.#useDirect ? this.#direct! : 0;
    const scaled = this.regularization.exponent !== 0;
    return this.pool.run(
      job(
        'alsRows',
        Math.max(0, starts.length - 1),
        ...([starts, indptr, indices, gains, this.#whitened, direct, factors, this.width] as const),
        ...([this.regularization.unobservedWeight, limit, steps, TOLERANCE, this.#back] as const),
        ...([warm ? this.#warm : 0, scaled ? this.#spectrum : 0, lambdas] as const),
      ),
    );
  }

  /** The Gram matrix of factors, float64, shape [width * width]. */
  async gramOf(rows: number, factors: Float32Array): Promise<Float64Array> {
    await this.pool.run(this.#gram(rows, factors));
    return this.gram();
  }

  /** The Gram matrix of what was prepared last. */
  gram(): Float64Array {
    const { width } = this;
    const out = new Float64Array(width * width);
    for (let i = 0; i < width; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let part = 0; part < this.#partials; part++)
          sum += this.#partial[(part * width + i) * width + j];
        out[i * width + j] = out[j * width + i] = sum;
      }
    return out;
  }

  #gram(rows: number, factors: Float32Array): Job {
    const depth = Math.max(1, Math.ceil(rows / PARTIALS / GRAM_ROWS)) * GRAM_ROWS;
    this.#partials = Math.max(1, Math.ceil(rows / depth));
    return job('gram', this.#partials, rows, this.width, depth, factors, this.#partial);
  }
}
