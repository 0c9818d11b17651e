import { TowerkitError } from '@towerkit/core';
import {
  gemm,
  gemmPack,
  job,
  packedSize,
  SPD_ROWS,
  type Job,
  type KernelPool,
} from '@towerkit/kernels/internal';

/** Columns that are swept at once. */
export const SWEEP = 256;
/** Rows of a strip of the trailing update: what it computes above the diagonal is thrown away. */
const STRIP = 1024;

/** Floats of the pool's memory that {@link invertSymmetric} takes beside the matrix. */
export const sweepFloats = (n: number): number => 2 * n * SWEEP + packedSize(n, SWEEP) + 3 * SWEEP * SWEEP;

/**
 * Minus the inverse of a positive definite matrix, in place of its lower triangle: block Gauss-Jordan elimination that
 * keeps the symmetry (the sweep operator, Goodnight 1979): n^3 / 2 additions and multiplications each, nearly all of them
 * in dense products. With D the inverse of the block of some columns and W those columns without it,
 *
 *     A <- A - W D W'      W <- W D      block <- -D
 *
 * @param a rows of `stride` floats; what is above the diagonal is neither read nor kept
 * @param step called with the columns done so far
 * @throws TowerkitError `NOT_POSITIVE_DEFINITE`
 */
export async function invertSymmetric(
  pool: KernelPool,
  n: number,
  a: Float32Array,
  stride: number,
  step: (done: number) => Promise<void> | undefined,
): Promise<void> {
  const { memory } = pool;
  const mark = memory.mark();
  const [panel, product, packed] = [n * SWEEP, n * SWEEP, packedSize(n, SWEEP)].map((size) =>
    memory.floats(size),
  );
  const [pivot, packedPivot] = [SWEEP * SWEEP, packedSize(SWEEP, SWEEP)].map((size) => memory.floats(size));
  const failures = memory.floats([0]);
  const blocks = Math.ceil(n / SPD_ROWS);
  for (let from = 0; from < n; from += SWEEP) {
    const width = Math.min(SWEEP, n - from);
    const strips: Job[] = [];
    for (let row = 0; row < n; row += STRIP) {
      const m = Math.min(STRIP, n - row);
      strips.push(
        gemm({
          ...{ m, n: row + m, k: width, alpha: -1, beta: 1 },
          ...{ a: product.subarray(row * width), packed, c: a.subarray(row * stride), ldc: stride },
        }),
      );
    }
    const place = [n, a, 4 * stride, from, width] as const;
    await pool.run(
      job('spdPanel', blocks, ...place, panel, pivot),
      job('spdPivot', 1, width, pivot, failures),
      gemmPack({ n: width, k: width, b: pivot, packed: packedPivot }),
      gemm({ m: n, n: width, k: width, a: panel, packed: packedPivot, c: product }),
      gemmPack({ n, k: width, b: panel, packed }),
      ...strips,
      job('spdReturn', blocks, ...place, product, pivot),
    );
    if (failures[0] > 0)
      throw new TowerkitError('NOT_POSITIVE_DEFINITE', 'the matrix has no inverse within float32', {
        hint: 'a larger regularization makes it better conditioned',
      });
    await step(from + width);
  }
  memory.release(mark);
}
