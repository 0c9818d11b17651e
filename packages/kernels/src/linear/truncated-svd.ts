import { Matrix, type CsrMatrix, type FitOptions, type Rng } from '@towerkit/core';
import { SPMM_ROWS } from '../pool/block-sizes.js';
import { gemm, gemmPack, packedSize } from '../pool/gemm.js';
import { job, type Job, type KernelPool } from '../pool/kernel-pool.js';
import { eigen } from './eigen.js';
import { inverseFactor } from './inverse-factor.js';

/** Columns beyond those asked for: what makes a random subspace hold the ones asked for. */
const OVERSAMPLE = 16;
/** Products with the matrix and its transpose. Spectra of texts and of interactions fall slowly. */
const ITERATIONS = 6;
/** Partial sums of a Gram matrix. */
const PARTIALS = 16;
/** Singular values of this share of the first are what float32 leaves of zero. */
const ZERO = 1e-3;

/** The leading right singular vectors of a matrix. */
export interface RightVectors {
  /** Orthonormal columns, shape [columns of the matrix, dimensions]; the largest entry of each is positive. */
  readonly vectors: Matrix;
  /** Descending, all above 0, shape [dimensions]. */
  readonly values: Float32Array;
}

/**
 * The leading singular values and right singular vectors of a sparse matrix by randomized subspace iteration (Halko,
 * Martinsson and Tropp 2011, algorithm 4.4), in float32 with Gram matrices factored in float64. The same bits on any
 * number of threads.
 *
 * @param matrix values are there
 * @param dimensions so many, or as many as the matrix has rank
 * @param pool with scratch for rows of `svdWidth(dimensions)` floats
 */
export async function truncatedSvd(
  pool: KernelPool,
  matrix: CsrMatrix,
  dimensions: number,
  rng: Rng,
  { onProgress, signal }: FitOptions = {},
): Promise<RightVectors> {
  const { memory } = pool;
  const width = svdWidth(dimensions);
  const work = new Columns(pool, width, Math.max(matrix.rows, matrix.cols));
  const [forward, back] = [multiplier(pool, matrix, width), multiplier(pool, matrix.transpose(), width)];
  const [x, y] = [memory.floats(matrix.cols * width), memory.floats(matrix.rows * width)];
  for (let i = 0; i < x.length; i++) x[i] = rng.normal();
  for (let done = 1; done <= ITERATIONS; done++) {
    await work.orthonormalize(x, matrix.cols);
    await pool.run(forward(x, y));
    await work.orthonormalize(y, matrix.rows);
    await pool.run(back(y, x));
    onProgress?.({ stage: 'fit', done, total: ITERATIONS, unit: 'iterations' });
    signal?.throwIfAborted();
  }
  // x = A'Q with Q orthonormal: its Gram matrix is W S^2 W', and A's right singular vectors are x W S^-1.
  const { values, vectors } = eigen(await work.gram(x, matrix.cols), width);
  const singular = values.map((value) => Math.sqrt(Math.max(0, value)));
  let rank = 0;
  while (rank < Math.min(dimensions, width) && singular[rank] > ZERO * singular[0]) rank++;
  for (let i = 0; i < width; i++)
    for (let j = 0; j < width; j++)
      vectors[i * width + j] = i < rank ? vectors[i * width + j] / singular[i] : 0;
  await work.transform(x, matrix.cols, vectors);
  return {
    vectors: withSigns(narrow(x, matrix.cols, width, rank)),
    values: Float32Array.from(singular.subarray(0, rank)),
  };
}

/** Columns that are iterated, whole panels of 8. */
export const svdWidth = (dimensions: number): number => Math.ceil((dimensions + OVERSAMPLE) / 8) * 8;

/** out = matrix times a dense one of `width` columns. */
function multiplier({ memory }: KernelPool, { rows, indptr, indices, values }: CsrMatrix, width: number) {
  const [ends, columns, weights] = [memory.ints(indptr), memory.ints(indices), memory.floats(values!)];
  return (dense: Float32Array, out: Float32Array): Job =>
    job('spmm', Math.ceil(rows / SPMM_ROWS), ends, columns, weights, dense, out, rows, 4 * width);
}

/** What is done with tall matrices of `width` columns in a pool's memory. */
class Columns {
  readonly #partial: Float32Array;
  readonly #square: Float32Array;
  readonly #packed: Float32Array;
  readonly #copy: Float32Array;

  constructor(
    private readonly pool: KernelPool,
    private readonly width: number,
    rows: number,
  ) {
    const { memory } = pool;
    this.#partial = memory.floats(PARTIALS * width * width);
    this.#square = memory.floats(width * width);
    this.#packed = memory.floats(packedSize(width, width));
    this.#copy = memory.floats(rows * width);
  }

  /** x'x in float64, both triangles. */
  async gram(x: Float32Array, rows: number): Promise<Float64Array> {
    const { width } = this;
    const depth = Math.max(1, Math.ceil(rows / PARTIALS));
    const partials = Math.max(1, Math.ceil(rows / depth));
    await this.pool.run(job('gram', partials, rows, width, depth, x, this.#partial));
    const out = new Float64Array(width * width);
    for (let i = 0; i < width; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let part = 0; part < partials; part++) sum += this.#partial[(part * width + i) * width + j];
        out[i * width + j] = out[j * width + i] = sum;
      }
    return out;
  }

  /** x <- x times the transpose of `square`, shape [width * width]. */
  async transform(x: Float32Array, rows: number, square: Float64Array): Promise<void> {
    const { width } = this;
    this.#square.set(square);
    this.#copy.set(x);
    await this.pool.run(
      gemmPack({ n: width, k: width, b: this.#square, packed: this.#packed }),
      gemm({ m: rows, n: width, k: width, a: this.#copy, packed: this.#packed, c: x }),
    );
  }

  /** Cholesky QR, twice: what the first round leaves of float32's rounding, the second takes away. */
  async orthonormalize(x: Float32Array, rows: number): Promise<void> {
    for (let round = 0; round < 2; round++)
      await this.transform(x, rows, inverseFactor(await this.gram(x, rows), this.width));
  }
}

function narrow(wide: Float32Array, rows: number, width: number, cols: number): Matrix {
  const out = new Matrix(rows, cols);
  for (let row = 0; row < rows; row++)
    out.data.set(wide.subarray(row * width, row * width + cols), row * cols);
  return out;
}

/** A singular vector's sign is anybody's choice: the largest entry of each column is made positive. */
function withSigns(matrix: Matrix): Matrix {
  const { data, rows, cols } = matrix;
  for (let c = 0; c < cols; c++) {
    let largest = 0;
    for (let k = c; k < data.length; k += cols) if (Math.abs(data[k]) > Math.abs(largest)) largest = data[k];
    if (largest < 0) for (let row = 0; row < rows; row++) data[row * cols + c] *= -1;
  }
  return matrix;
}
