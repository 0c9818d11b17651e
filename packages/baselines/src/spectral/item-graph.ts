import { CsrMatrix, type Matrix } from '@towerkit/core';
import { gemm, gemmPack, job, packedSize, SPMM_ROWS, type KernelPool } from '@towerkit/kernels/internal';

/** Users that are filtered at once: columns of the dense matrices. */
export const USERS_AT_ONCE = 64;

/**
 * The interactions R scaled by both degrees, in the memory of a pool, and what filters make of histories with it:
 *
 *     R~ = D_U^-1/2 R D_I^-1/2    P = R~' R~
 *
 * Histories are columns of dense matrices, [items, width], of 8, 16, ... up to {@link USERS_AT_ONCE} users.
 */
export class ItemGraph {
  readonly items: number;
  /** Square roots of the items' degrees, [items]. */
  readonly #roots: Float64Array;
  readonly #forward: SparseProduct;
  readonly #back: SparseProduct;
  /** R~ times a batch, [users, width]. */
  readonly #users: Float32Array;
  /** Right singular vectors of R~, [items, dimensions], and what a product with them needs. */
  readonly #vectors?: {
    readonly dimensions: number;
    readonly matrix: Float32Array;
    readonly mapped: Float32Array;
    readonly packed: Float32Array;
  };

  constructor(
    private readonly pool: KernelPool,
    interactions: CsrMatrix,
    vectors?: Matrix,
  ) {
    const { memory } = pool;
    const scaled = scaledByDegrees(interactions);
    this.items = interactions.cols;
    this.#roots = Float64Array.from(degrees(interactions.transpose()), Math.sqrt);
    this.#forward = sparseProduct(pool, scaled);
    this.#back = sparseProduct(pool, scaled.transpose());
    this.#users = memory.floats(interactions.rows * USERS_AT_ONCE);
    if (!vectors || vectors.cols === 0) return;
    const dimensions = vectors.cols;
    this.#vectors = {
      dimensions,
      matrix: memory.floats(vectors.data),
      mapped: memory.floats(USERS_AT_ONCE * dimensions),
      packed: memory.floats(packedSize(USERS_AT_ONCE, dimensions)),
    };
  }

  /** Memory for a batch, [items, USERS_AT_ONCE]. */
  columns(): Float32Array {
    return this.pool.memory.floats(this.items * USERS_AT_ONCE);
  }

  /** Writes histories as columns of zeros and ones. */
  load(histories: readonly (readonly number[])[], width: number, out: Float32Array): void {
    out.fill(0, 0, this.items * width);
    histories.forEach((history, user) => history.forEach((item) => (out[item * width + user] = 1)));
  }

  /** out = P x: what users who share items with a history have. `x` and `out` may not be the same. */
  async smooth(x: Float32Array, width: number, out: Float32Array): Promise<void> {
    await this.pool.run(this.#forward(x, width, this.#users));
    await this.pool.run(this.#back(this.#users, width, out));
  }

  /** out = D_I^1/2 V V' D_I^-1/2 x of histories: the ideal low-pass filter, V the leading right singular vectors of R~. */
  async passLow(histories: readonly (readonly number[])[], width: number, out: Float32Array): Promise<void> {
    if (!this.#vectors) return void out.fill(0, 0, this.items * width);
    const { dimensions, matrix, mapped, packed } = this.#vectors;
    mapped.fill(0);
    histories.forEach((history, user) => {
      for (const item of history) {
        const scale = 1 / (this.#roots[item] || 1);
        for (let d = 0; d < dimensions; d++)
          mapped[user * dimensions + d] += scale * matrix[item * dimensions + d];
      }
    });
    await this.pool.run(
      gemmPack({ n: width, k: dimensions, b: mapped, packed }),
      gemm({ m: this.items, n: width, k: dimensions, a: matrix, packed, c: out }),
    );
    for (let item = 0; item < this.items; item++)
      for (let user = 0; user < width; user++) out[item * width + user] *= this.#roots[item];
  }
}

type SparseProduct = (dense: Float32Array, width: number, out: Float32Array) => ReturnType<typeof job>;

/** out = matrix times a dense one of `width` columns. */
function sparseProduct({ memory }: KernelPool, { rows, indptr, indices, values }: CsrMatrix): SparseProduct {
  const [ends, columns, weights] = [memory.ints(indptr), memory.ints(indices), memory.floats(values!)];
  return (dense, width, out) =>
    job('spmm', Math.ceil(rows / SPMM_ROWS), ends, columns, weights, dense, out, rows, 4 * width);
}

/** The sum of each row. */
function degrees({ rows, indptr, values }: CsrMatrix): Float64Array {
  const sums = new Float64Array(rows);
  for (let row = 0; row < rows; row++)
    for (let k = indptr[row]; k < indptr[row + 1]; k++) sums[row] += values ? values[k] : 1;
  return sums;
}

/** R~: each entry over the square roots of the degrees of its user and its item. */
export function scaledByDegrees(interactions: CsrMatrix): CsrMatrix {
  const { rows, cols, indptr, indices, values } = interactions;
  const [ofUsers, ofItems] = [degrees(interactions), degrees(interactions.transpose())];
  const scaled = new Float32Array(indices.length);
  for (let user = 0; user < rows; user++)
    for (let k = indptr[user]; k < indptr[user + 1]; k++)
      scaled[k] = (values ? values[k] : 1) / Math.sqrt(ofUsers[user] * ofItems[indices[k]]);
  return new CsrMatrix(rows, cols, indptr, indices, scaled);
}
