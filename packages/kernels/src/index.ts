export { RowTable, type RowTableOptions } from './table/row-table.js';
export type { AdamStep } from './table/adam-factors.js';
export type { Backend } from './table/open-store.js';

export { KernelPool, job, type Job, type KernelPoolOptions } from './pool/kernel-pool.js';
export { SharedMemory } from './pool/shared-memory.js';
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
  type KernelName,
  type PoolKernels,
  type Pointer,
} from './pool/pool-kernels.js';
export { gemm, gemmPack, packedSize, type Gemm, type GemmPack } from './pool/gemm.js';
export { DotScores } from './pool/dot-scores.js';
export { FlatScan, type FlatScanOptions } from './search/flat-scan.js';
export type { Found } from './search/workspace.js';
export { ListScan, type StoredLists } from './search/list-scan.js';
