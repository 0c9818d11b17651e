/**
 * How the other packages of Towerkit call the kernels: the pool, its memory, and the layout of each kernel's arguments.
 * There is no promise of stability: any release may change any of it.
 *
 * @packageDocumentation
 */
export { KernelPool, job, type Job, type KernelPoolOptions } from './pool/kernel-pool.js';
export { SharedMemory, type Pointer } from './pool/shared-memory.js';
export { threadCount } from './pool/thread-count.js';
export {
  ADAM_ROWS,
  ALS_LOSS_ROWS,
  ALS_ROWS,
  alsScratch,
  GEMM_ROWS,
  RANK_CHOICES,
  SPD_ROWS,
  SPMM_ROWS,
} from './pool/block-sizes.js';
export type { KernelName, PoolKernels } from './pool/pool-kernels.js';
export { gemm, gemmPack, packedSize, type Gemm, type GemmPack } from './pool/gemm.js';
export { DotScores } from './pool/dot-scores.js';
export { Turns } from './pool/turns.js';
export { dot } from './linear/dot.js';
export { eigen } from './linear/eigen.js';
export { svdWidth, truncatedSvd, type RightVectors } from './linear/truncated-svd.js';
