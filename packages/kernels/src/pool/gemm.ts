import { job, type Job } from './kernel-pool.js';
import { GEMM_COLUMNS, GEMM_PANEL, GEMM_ROWS } from './block-sizes.js';
import type { Pointer } from './shared-memory.js';

/** A product of dense matrices, all in the memory of one pool, rows one after the other. */
export interface Gemm {
  /** Rows of a and c. */
  readonly m: number;
  /** Rows of b, columns of c. */
  readonly n: number;
  /** Columns of a and b. */
  readonly k: number;
  readonly a: Pointer;
  /** b as {@link gemmPack} packed it with the same n and k. */
  readonly packed: Pointer;
  readonly c: Pointer;
  /** 1 by default. */
  readonly alpha?: number;
  /** 0 by default; c is then not read. */
  readonly beta?: number;
  /** Floats from a row of a to the next, k by default. */
  readonly lda?: number;
  /** Floats from a row of c to the next, n by default. */
  readonly ldc?: number;
}

/**
 * The job that computes c = alpha a b' + beta c, in float32, with the same bits on any number of threads. The c of it
 * must not overlap a or b.
 *
 * @example
 * ```ts
 * // c -= a b', b being n x k: pack it once, multiply as often as wanted.
 * const packed = pool.memory.floats(packedSize(n, k));
 * await pool.run(gemmPack({ n, k, b, packed }), gemm({ m, n, k, a, packed, c, alpha: -1, beta: 1 }));
 * ```
 */
export const gemm = ({ m, n, k, a, packed, c, alpha = 1, beta = 0, lda = k, ldc = n }: Gemm): Job =>
  job(
    'gemm',
    Math.ceil(m / GEMM_ROWS) * Math.ceil(n / GEMM_COLUMNS),
    ...([m, n, k, alpha, a, 4 * lda, packed, beta, c, 4 * ldc] as const),
  );

/** What {@link gemmPack} packs: b, n x k, its rows `ldb` floats apart (k by default). */
export interface GemmPack {
  readonly n: number;
  readonly k: number;
  readonly b: Pointer;
  readonly ldb?: number;
  /** Receives {@link packedSize}(n, k) floats. */
  readonly packed: Pointer;
}

/** The job that packs b for {@link gemm}: panels of 8 rows, column by column, missing rows as zeros. */
export const gemmPack = ({ n, k, b, ldb = k, packed }: GemmPack): Job =>
  job('gemmPack', Math.ceil(n / GEMM_PANEL), n, k, b, 4 * ldb, packed);

/** Floats that b, n x k, takes once packed. */
export const packedSize = (n: number, k: number): number => Math.ceil(n / GEMM_PANEL) * GEMM_PANEL * k;
