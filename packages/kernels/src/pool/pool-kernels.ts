/** Byte offset into the pool's memory; an array that the pool handed out stands for its own. */
export type Pointer = number | Float32Array | Int32Array;

/** The arguments of each kernel, those that all blocks share. */
export interface PoolKernels {
  /**
   * out = sparse * dense, by blocks of {@link SPMM_ROWS} rows. `stride`: bytes of a dense row, a multiple of 16.
   */
  spmm: [
    indptr: Pointer,
    indices: Pointer,
    values: Pointer,
    dense: Pointer,
    out: Pointer,
    rows: number,
    stride: number,
  ];
}

/** Rows of a block of `spmm`. */
export const SPMM_ROWS = 256;

/** The name of a kernel. */
export type KernelName = keyof PoolKernels;

/** What an instance of the module exports. */
export type PoolExports = Record<KernelName, (block: number, scratch: number, ...args: number[]) => void>;
